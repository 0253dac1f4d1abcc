doctor-title = Diagnostic
