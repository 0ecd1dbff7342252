"""`orchestrate develop`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.cli.verbs import Verb

__all__ = ["develop"]


@click.command(cls=Verb)
@click.argument("source", type=click.Path(path_type=Path), metavar="RUN|FILE")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The picture; .png and .jpg have 8 bits, .tif has 16 bits.")
@click.option("--product", metavar="NAME", help="Product of the run, such as stacked.fits; the most finished stack if not given.")
@click.option("--recipe", "file", type=click.Path(path_type=Path), metavar="FILE",
              help="A saved recipe; that beside the image by default, else the look of the preview.")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE",
              help="Change a setting of the recipe, such as stretch=asinh or saturation=1.4.")
@click.option("--space", type=click.Choice(["srgb", "display-p3"]), default="srgb", show_default=True,
              help="Colour space of the picture; its ICC profile is embedded.")
@click.option("--save-recipe", is_flag=True, help="Save the recipe beside the image.")
@click.option("--force", is_flag=True, help="Replace an existing picture.")
def develop(source: Path, output: Path, product: str | None, file: Path | None, changes: tuple[str, ...], space: str,
            save_recipe: bool, force: bool) -> int:
    """Make a picture of the stack of RUN, or of the linear image FILE: stretch, colours, PNG, JPEG or TIFF.

    A recipe holds the settings; docs/PICTURES.md describes them. The linear image is not changed.
    """
    from orchestrator.api.export import product_of
    from orchestrator.api.export_picture import export_picture
    from orchestrator.api.picture_recipe import changed_recipe, default_recipe, load_recipe, recipe_beside
    from orchestrator.api.picture_recipe import save_recipe as save

    image = product_of(source, product)
    recipe = changed_recipe(load_recipe(file) if file is not None else default_recipe(image), changes)
    export_picture(image, output, recipe, space="srgb" if space == "srgb" else "display-p3", replace=force)
    click.echo(f"{output}  {recipe.stretch}, {space}, from {image.name}")
    if save_recipe:
        save(recipe, recipe_beside(image))
        click.echo(f"{recipe_beside(image)}  the recipe")
    return 0
