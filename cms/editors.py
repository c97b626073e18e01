"""What the groups of the editor may do: managers and administrators edit pages, snippets and images.

What holds for the whole site is the administrators' alone: the safety settings with the banner, the front page, the
standing pages of no country (privacy, about …), and which countries have a home page. A manager works on the pages of
her own country (cms.models.OwnCountry) and on the courses, which all countries share. She changes and deletes the
pictures and documents that she uploaded, and may choose every one for a page; those of others are their uploaders' and
the administrators': a picture may stand on the pages of any country.
The groups are kept by accounts (one per role); nobody else enters the editor, and no case or call is in it.
"""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.snippets.models import get_snippet_models

from cms.models import HomePage, SafetySettings

EDITING_GROUPS = ("manager", "administrator")
PAGE_ACTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
COLLECTION_ACTS = ("add_image", "choose_image", "add_document", "choose_document")  # who adds one changes her own
ADMINISTRATORS_ACTS = ("change_image", "change_document")


def grant_after_migrate(app_config, **kwargs) -> None:
    """Grant once, when the last room has been migrated and every permission exists."""
    with_models = [config for config in apps.get_app_configs() if config.models_module is not None]
    if app_config is with_models[-1]:
        grant()


def grant() -> None:
    """Give the editing groups their permissions; a second call changes nothing."""
    for name in EDITING_GROUPS:
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*_model_permissions())
        _pages(group)
        _collections(group)
    Group.objects.get(name="administrator").permissions.add(*_site_permissions())
    Group.objects.get(name="manager").permissions.remove(*_site_permissions())


def _model_permissions() -> list[Permission]:
    types = ContentType.objects.get_for_models(*get_snippet_models()).values()
    granted = list(Permission.objects.filter(content_type__in=types))
    return [*granted, Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")]


def _site_permissions() -> list[Permission]:
    types = ContentType.objects.get_for_models(HomePage, SafetySettings).values()
    return list(Permission.objects.filter(content_type__in=types))


def _pages(group: Group) -> None:
    root = Page.get_first_root_node()
    if root is None:
        return
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_ACTS):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _collections(group: Group) -> None:
    root = Collection.get_first_root_node()
    if root is None:
        return
    acts = (*COLLECTION_ACTS, *(ADMINISTRATORS_ACTS if group.name == "administrator" else ()))
    for permission in Permission.objects.filter(codename__in=acts):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
    held = GroupCollectionPermission.objects.filter(group=group, permission__codename__in=ADMINISTRATORS_ACTS)
    held.exclude(permission__codename__in=acts).delete()
