# %% [markdown]
# A stack of colour frames step by step, for example of M31. Set SESSION to the folder with the lights:
# `SESSION=M31 python stack_by_steps.py`.

# %%
import os
from pathlib import Path

import numpy as np

import orchestrator as astro

session, output = Path(os.environ.get("SESSION", "M31")), Path(os.environ.get("OUTPUT", "."))

# %% [markdown]
# The lights of the session, in colour. Calibrate them first where darks and flats are at hand (`tilecore.calibrate_frames`).

# %%
lights = astro.list_lights(session)
frames, headers = zip(*(astro.read_frame(path) for path in lights), strict=True)
images = [astro.debayer(frame, header["BAYERPAT"]) for frame, header in zip(frames, headers, strict=True)]

# %% [markdown]
# The best frames, on the pixels of one of them.

# %%
kept = astro.best_frames(images, keep=0.8)
aligned = astro.align_frames(np.stack([images[k] for k in kept]))
print(f"{len(kept)} of {len(lights)} frames, reference {lights[kept[aligned.reference]].name}")

# %% [markdown]
# Their mean without outliers, cropped to the area that most frames cover.

# %%
stack = astro.combine_frames(aligned, sigma=3.0, max_iterations=5)
linear = astro.crop_to_coverage(stack.mean, stack.count, share=0.8)
balanced = astro.white_balance(linear, "bayer")

# %% [markdown]
# The linear image as FITS, and a picture of it.

# %%
astro.write_image(output / "master_linear.fits", balanced, headers[kept[aligned.reference]])
picture = astro.asinh_stretch(astro.smooth(balanced, (0.6, 0.0, 0.6)))
astro.write_png(output / "master_quicklook.png", np.uint8(255 * np.moveaxis(picture, 0, -1)))
