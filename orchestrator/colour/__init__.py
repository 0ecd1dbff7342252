"""Photometric colour calibration: catalogs, photometry, white balance."""
