"""Files: FITS images, JSON, the WCS in a header, atomic writes, the files of the package."""
