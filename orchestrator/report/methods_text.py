"""What a run writes about itself for a publication: a paragraph on its methods, the versions, and how to cite the program."""

from __future__ import annotations

from orchestrator.report.files import RunFiles
from orchestrator.report.wording import duration, finite, number
from orchestrator.version import __version__

__all__ = ["CITATION", "methods_paragraph", "methods_text"]

# The file CITATION.cff of the repository and of each take-out.
CITATION = f"""cff-version: 1.2.0
message: If you use this software, please cite it as below.
type: software
title: "orchestrate: local-quality stacking of astronomical frames"
authors:
  - name: The orchestrate contributors
version: {__version__}
license: GPL-3.0-or-later
keywords: [astronomy, image stacking, co-addition, astrophotography]
references:
  - type: article
    title: How to COAAD Images. I. Optimal Source Detection and Photometry of Point Sources Using Ensembles of Images
    authors:
      - {{family-names: Zackay, given-names: Barak}}
      - {{family-names: Ofek, given-names: Eran O.}}
    journal: The Astrophysical Journal
    volume: 836
    start: 187
    year: 2017
    doi: 10.3847/1538-4357/836/2/187
"""
# Roles of calibration frames as they are called in a sentence.
ROLES = (("bias", "bias frames"), ("dark", "darks"), ("flat", "flats"), ("darkflat", "dark-flats"))
ENGINES = {"native": "the native engine of orchestrate", "siril": "Siril"}
WEIGHTS = {"best": "weights that keep most information on stars", "psf_snr": "weights by signal-to-noise and PSF",
           "snr": "inverse-variance weights", "quality": "weights by a quality score", "uniform": "equal weights"}
COLOURS = {"stars": "the mean colour of the stars", "catalog": "a star catalog", "siril_pcc": "Siril's photometric calibration",
           "siril_spcc": "Siril's spectrophotometric calibration"}


def methods_paragraph(files: RunFiles) -> str:
    """The methods of a run in a few sentences, with its figures; "" for a run that did not finish."""
    s = files.statistics
    if s.frames_used is None or s.frames_stacked is None or s.fwhm_px is None:
        return ""
    parts = [_frames(files), _calibration(files)]
    residual = finite(s.registration_residual_px)
    parts.append(f"They were registered by their stars{f' to {number(residual)} px (median residual)' if residual else ''}"
                 f" and brought to the flux scale of {files.json('registration').get('reference', 'the reference')} by "
                 "the photometry of their common stars." if files.json("normalization").get("mode") == "photometric" else
                 "They were registered by their stars.")
    parts.append(_stack(files))
    before, after = finite(s.frame_fwhm_px), finite(s.fwhm_px)
    parts.append(f"The FWHM of the stars is {number(after)} px in the stack ({number(before)} px in the median frame), and the "
                 f"noise of a pixel {number(s.noise_adu)} ADU.")
    parts += [text for text in (_background(files), _colour(files), _sky(files)) if text]
    return " ".join(parts)


def _frames(files: RunFiles) -> str:
    s = files.statistics
    taken = duration(s.exposure_s) if s.exposure_s else "of unknown length"
    return (f"{s.frames_stacked} of {s.lights_found} exposures ({taken} in all) were stacked with orchestrate "
            f"{files.manifest.get('versions', {}).get('orchestrate', __version__)}.")


def _calibration(files: RunFiles) -> str:
    groups = files.json("scan_input").get("calibration") or []
    counts = [(sum(len(g.get("frames", {}).get(role, [])) for g in groups), name) for role, name in ROLES]
    used = [f"{count} {name}" for count, name in counts if count]
    engine = ENGINES.get(str(files.statistics.engine), str(files.statistics.engine))
    given = sorted({role for g in groups for role in g.get("masters", {})})
    used += [f"a master {role}" for role in given]
    how = f"with {_joined(used)}" if used else "without calibration frames"
    return f"The frames were calibrated {how} by {engine}."


def _stack(files: RunFiles) -> str:
    s, config = files.statistics, files.config
    method = str(config.get("reconstruction", {}).get("method", "mean"))
    weights = WEIGHTS.get(str(s.weights_mode), str(s.weights_mode))
    name = {"mean": "their weighted mean", "proper": "their proper co-addition (Zackay & Ofek 2017)",
            "drizzle": "drizzle"}.get(method, method)
    rejection = str(config.get("stacking", {}).get("rejection", "winsorized"))
    share = finite(s.rejected_share)
    outliers = "" if share is None else f"; {number(100 * share)} % of the samples were rejected as outliers ({rejection})"
    model = finite(s.information_kept_model)
    kept = "" if model is None else f", which keep {number(100 * model)} % of the information on point sources in the frames"
    return (f"The stack is {name} with {weights}, separately in {s.tile_rows} x {s.tile_columns} overlapping tiles of "
            f"{s.tile_size_px} px{kept}{outliers}.")


def _background(files: RunFiles) -> str:
    removed = [finite(b.removed_adu) or 0.0 for b in files.statistics.background.values()]
    if not files.statistics.background_method or not any(removed):
        return ""
    return (f"A background model ({files.statistics.background_method}) with a range of up to {number(max(removed))} ADU was "
            "subtracted.")


def _colour(files: RunFiles) -> str:
    found = files.json("pcc")
    if not found or found.get("declined"):
        return ""
    by = COLOURS.get(str(found.get("source") or found.get("method")), str(found.get("method")))
    return f"Colours were calibrated by {by}, with {number(found.get('stars_used'))} stars."


def _sky(files: RunFiles) -> str:
    solved = files.json("astrometry")
    if finite(solved.get("scale_arcsec_px")) is None:
        return ""
    rms = finite((solved.get("verification") or {}).get("rms_px"))
    return (f"The plate solution by {solved.get('solver', 'a solver')} has {number(solved['scale_arcsec_px'], digits=5)} arcsec "
            f"per px{f' and {number(rms)} px rms against a star catalog' if rms else ''}.")


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def methods_text(files: RunFiles) -> str:
    """The paragraph and the versions of everything that can affect the result, as a text file."""
    versions = files.manifest.get("versions") or {}
    lines = [methods_paragraph(files) or "The run has no stack of its own.", "", "Versions:"]
    return "\n".join([*lines, *(f"  {name} {version}" for name, version in versions.items() if version), ""])
