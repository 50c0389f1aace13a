"""The six schemas as typed classes; the JSON form is derived from them."""
