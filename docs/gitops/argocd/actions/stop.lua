-- Nothing new starts; what runs may end by itself.
obj.spec.stop = "Graceful"
return obj
