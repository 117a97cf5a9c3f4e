# kind: mapping
# scenarios: rich
provider = provider or 1
return provider
