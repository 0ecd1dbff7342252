"""Star catalogs on disk: tables that people have, and the formats of ASTAP, Siril and astrometry.net."""
