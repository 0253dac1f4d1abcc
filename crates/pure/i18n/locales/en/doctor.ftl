doctor-title = Check-up
