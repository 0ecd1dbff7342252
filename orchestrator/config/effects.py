"""What a setting changes in the picture or in the time of a run, where it has a clear effect."""

from __future__ import annotations

__all__ = ["EFFECTS"]

# Dotted key of a setting -> one or two short sentences.
EFFECTS = {
    "selection.keep_fraction":
        "Lower: sharper and with fewer clouds, but more noise, since fewer frames are stacked. The weights do most of this "
        "already.",
    "registration.mount":
        "Only the size of the canvas changes: with alt_az the corners that the field rotates into are kept, with equatorial "
        "the picture has the size of one frame.",
    "debayer.stage":
        "last keeps the most detail of many dithered frames. first is safer with few frames. superpixel gives half the size "
        "and a quarter of the time and memory.",
    "canvas.crop": "none keeps every corner, with more noise where few frames overlap. coverage cuts these rims off.",
    "reconstruction.method":
        "proper gives round stars of one size from frames of different seeing and takes longer. drizzle shows more detail of"
        " undersampled, dithered frames, with more noise in each pixel.",
    "stacking.rejection":
        "none keeps satellites and cosmic rays, and is fastest. The other methods differ little with many frames.",
    "stacking.trails": "On: faint trails disappear too. Off: a little faster; only what stands out of the noise is rejected.",
    "bge.enabled":
        "On: gradients of light pollution and moonlight go. Off: nothing of faint, large nebulae can be subtracted by "
        "mistake.",
    "pcc.enabled": "On: stars get their true colours and the sky is neutral. Off: the colours of the sensor remain.",
    "output.palette": "Only the colours of the combined picture change; the stack of each filter is the same.",
    "astrometry.solver":
        "The picture is the same; none saves up to a minute, without coordinates, names of objects and colours from a "
        "catalog.",
    "engine.name":
        "The results differ little. siril needs more disk for its copies of the frames; native needs no other program.",
    "stacking.sigma_low": "Lower: more dark outliers are rejected, and more good samples with them (more noise).",
    "stacking.sigma_high":
        "Lower: fainter trails and cosmic rays go, and more good samples with them; too low dims the cores of stars.",
    "stacking.grow": "Larger: the soft edges of trails go too, and a few more good samples.",
    "stacking.contrast_tolerance": "Larger: the cores of stars are safer, but cosmic rays on them remain.",
    "weights.mode":
        "snr shows faint extended light with the least noise; psf_snr and quality give sharper stars and more noise.",
    "weights.local": "Off: passing clouds and local blur count for the whole frame; a little faster.",
    "tiles.size_factor": "Smaller: the weights follow clouds and blur more closely, but each is less certain; slower.",
    "reconstruction.scale": "Larger: finer pixels, at the square of the memory, disk and time, and more noise in each.",
    "reconstruction.pixfrac": "Smaller: sharper, but noisier and with holes if there are few frames.",
    "canvas.feather": "Larger: softer borders between frames and panels.",
    "canvas.min_coverage": "Larger: a smaller picture with more even noise.",
    "registration.interpolation":
        "lanczos4 keeps the most detail; bilinear is softer, without dark rings around bright stars.",
    "normalization.surface_order": "Larger: gradients that change during the night fit better; 0 removes a constant only.",
    "bge.order": "Larger: more complex gradients go, and sooner parts of large nebulae.",
    "bge.protect_objects": "Off: stronger gradients can go, at the risk of holes around galaxies and nebulae.",
    "calibration.cosmetic": "Off: hot pixels are left to rejection, which needs dithered frames.",
    "calibration.hot_sigma": "Lower: more pixels are replaced by their neighbours.",
    "runtime.memory_budget": "Larger: fewer passes over the frames, so faster. The picture is the same.",
    "runtime.workers": "More: faster, up to the number of cores, with more memory. The picture is the same.",
    "runtime.cache": "On: a second run of the same session takes a fraction of the time. The picture is the same.",
    "runtime.growing_picture": "On: the run takes up to 5 % longer. The picture is the same.",
    "runtime.keep_arrays": "On: settings of the stack can be changed without repeating the run, for some disk space.",
}
