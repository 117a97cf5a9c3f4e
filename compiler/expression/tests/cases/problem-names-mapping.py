# kind: mapping
ak_message(context)
return ldapp
