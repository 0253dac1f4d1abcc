returns-title = Returns
