"""Companies in the admin, with their aliases and products on the same page."""

from django.contrib import admin

from companies.models import Alias, Company, Product


class AliasInline(admin.TabularInline[Alias, Company]):
    """The names a company goes by."""

    model = Alias
    extra = 1


class ProductInline(admin.TabularInline[Product, Company]):
    """The things of a company that demands are about."""

    model = Product
    extra = 0


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin[Company]):
    """Log a company in one page."""

    list_display = ["name", "parent", "website"]
    list_select_related = ["parent"]
    search_fields = ["name", "aliases__name"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AliasInline, ProductInline]


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin[Product]):
    """A product by itself, for looking it up from a target."""

    list_display = ["name", "company"]
    list_select_related = ["company"]
    search_fields = ["name", "company__name"]
    autocomplete_fields = ["company"]
