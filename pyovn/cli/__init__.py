"""The command lines; they import almost nothing until they know what is asked."""
