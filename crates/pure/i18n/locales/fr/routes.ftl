routes-title = Envois
