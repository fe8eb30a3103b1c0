-- Ends what runs, too.
obj.spec.stop = "Immediate"
return obj
