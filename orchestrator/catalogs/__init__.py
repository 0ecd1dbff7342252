"""Star catalogs on disk: tables of the user, and the formats of ASTAP, Siril and astrometry.net."""
