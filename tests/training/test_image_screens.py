"""An image says something to who does not see it, or is ticked as decoration."""

import pytest
from wagtail.blocks import StructBlockValidationError
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from training.blocks import ImageScreen


@pytest.fixture
def image(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return get_image_model().objects.create(title="Lamp", file=get_test_image_file())


@pytest.mark.parametrize("alt", ["", "   "])
def test_an_image_without_words_is_refused_unless_it_is_decoration(image, alt):
    block = ImageScreen()
    value = {"image": image, "alt": alt, "decorative": False, "caption": ""}

    with pytest.raises(StructBlockValidationError) as refusal:
        block.clean(block.normalize(value))

    told = refusal.value.block_errors["alt"].messages
    assert told == ["Describe the image, or tick that it is only decoration."]
    assert block.clean(block.normalize(value | {"decorative": True}))["decorative"]
    assert block.clean(block.normalize(value | {"alt": "A lamp on a table."}))["alt"] == "A lamp on a table."
