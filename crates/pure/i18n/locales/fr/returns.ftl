returns-title = Retours
