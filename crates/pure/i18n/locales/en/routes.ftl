routes-title = Routes
