"""Photometric colour calibration: catalogues, photometry, white balance."""
