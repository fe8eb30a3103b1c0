-- Nothing new starts; what runs goes on.
obj.spec.suspend = true
return obj
