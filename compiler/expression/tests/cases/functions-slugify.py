# kind: mapping
# scenarios: rich
from django.utils.text import slugify as slug
return [slugify("  Größe & Länge -- Çelik_1 "), slug(12), slugify("日本")]
