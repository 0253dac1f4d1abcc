## Envois

dispatch-title = Envois
dispatch-lead = Vérifiez une dernière fois : qui la reçoit, qui ne la reçoit pas, et à quoi elle ressemble.
dispatch-send-to = { $n ->
    [one] Envoyer à { $n } lecteur
   *[other] Envoyer à { $n } lecteurs
}
dispatch-will-get-it = { $n ->
    [one] la recevra
   *[other] la recevront
}
dispatch-left-out = Laissés de côté
dispatch-left-out-pending = { $n ->
    [one] n'a pas encore confirmé
   *[other] n'ont pas encore confirmé
}
dispatch-left-out-paused = { $n ->
    [one] a mis son abonnement en pause
   *[other] ont mis leur abonnement en pause
}
dispatch-left-out-ended = { $n ->
    [one] s'est désabonné
   *[other] se sont désabonnés
}
dispatch-left-out-suppressed = { $n ->
    [one] ne doit plus recevoir de mail
   *[other] ne doivent plus recevoir de mail
}
dispatch-left-out-already = { $n ->
    [one] l'a déjà reçue
   *[other] l'ont déjà reçue
}
dispatch-left-out-gone = { $n ->
    [one] s'est désabonné pendant l'envoi
   *[other] se sont désabonnés pendant l'envoi
}
dispatch-errors = À corriger avant d'envoyer
dispatch-warnings = À regarder
dispatch-everyone = Tous les lecteurs
dispatch-segment = Segment « { $segment } »
dispatch-to = Destinataires
dispatch-at = Envoyer plus tard
dispatch-at-hint = Heure de { $zone } ; laissez vide pour envoyer maintenant.
dispatch-at-past = Ce moment est déjà passé.
dispatch-at-wrong = Écrivez une date et une heure.
dispatch-local = À cette heure-là chez chaque lecteur
dispatch-local-hint = Qui a indiqué son fuseau horaire la reçoit à cette heure de sa journée ; les autres, à l'heure de la publication. L'édition paraît sur le site avec le premier départ.
dispatch-local-when = Dites à quelle heure : remplissez « Envoyer plus tard ».
dispatch-over = Étaler l'envoi
dispatch-over-none = Non, aussi vite que possible
dispatch-over-hours = { $n ->
    [one] sur { $n } heure
   *[other] sur { $n } heures
}
dispatch-over-hint = Les mails partent régulièrement pendant ce temps : les clics et les réponses arrivent aussi peu à peu.
dispatch-over-wrong = Choisissez une durée de la liste.
dispatch-over-or-local = Étaler, ou partir à l'heure de chacun : l'un ou l'autre.
dispatch-nobody-now = Personne ne la recevrait maintenant. Vous pouvez la programmer : qui s'abonnera d'ici là la recevra.
dispatch-schedule = Programmer
dispatch-number-changed = Le nombre de lecteurs a changé depuis que vous avez ouvert cette page. Rien n'est parti : voici le nouveau compte.
dispatch-refused-nobody = Personne ne la recevrait : rien n'est parti.
dispatch-refused-unfit = Cette édition a des erreurs à corriger d'abord : rien n'est parti.
dispatch-refused-relay = Aucun relais de courrier n'est réglé : indiquez SOUCOUPE_SMTP_URL, puis redémarrez.
dispatch-back-to-text = Revenir au texte
dispatch-inbox-line = Dans la boîte de réception
dispatch-test = S'envoyer un essai
dispatch-test-address = À quelle adresse
dispatch-test-address-wrong = Ce n'est pas une adresse mail. Rien n'est parti.
dispatch-test-send = Envoyer l'essai
dispatch-test-tag = essai
dispatch-said-scheduled = C'est noté : elle partira à l'heure dite.
dispatch-said-sending = C'est parti.
dispatch-said-tested = L'essai est parti.
dispatch-said-paused = L'envoi est en pause. Rien n'est perdu.
dispatch-said-resumed = L'envoi reprend.
dispatch-said-resent = Les envois incertains repartent.
dispatch-said-nobody-failed = Personne à qui la renvoyer : rien n'est parti.
dispatch-said-unfit = L'édition a des erreurs à corriger d'abord : rien n'est parti.
dispatch-said-stopped = L'envoi est arrêté. Ce qui était parti est parti.
dispatch-empty-title = Rien n'est encore parti
dispatch-empty-text = Chaque envoi d'une édition aura sa page ici : combien, à quelle vitesse, et qui ne l'a pas reçue.
dispatch-empty-action = Voir les éditions
dispatch-edition = Édition
dispatch-state = État
dispatch-readers = Lecteurs
dispatch-when = Quand
dispatch-older = Plus anciens
dispatch-state-scheduled = Programmé
dispatch-state-freezing = En préparation
dispatch-state-sending = En cours
dispatch-state-paused = En pause
dispatch-state-held = Retenu
dispatch-state-finished = Terminé
dispatch-state-stopped = Arrêté
dispatch-accepted = Acceptés
dispatch-waiting = En attente
dispatch-waiting-turn = Dont l'heure n'est pas venue
dispatch-deferred = Remis à plus tard
dispatch-failed = Refusés
dispatch-came-back = Revenus
dispatch-in-doubt = Incertains
dispatch-rate = { $n ->
    [one] { $n } mail par seconde
   *[other] { $n } mails par seconde
}
dispatch-time-left = Temps restant :
dispatch-doubted = Incertains renvoyés une fois :
dispatch-trouble = Le relais ne prend rien en ce moment. Personne n'est perdu, l'envoi attend. Il répond :
dispatch-pause = Mettre en pause
dispatch-resume = Reprendre
dispatch-stop = Arrêter
dispatch-held = Tout le reste est parti. Pour les mails incertains, la connexion s'est coupée avant la réponse du serveur : ils sont peut-être arrivés, peut-être pas. À vous de choisir : les renvoyer, ou arrêter là.
dispatch-resend = { $n ->
    [one] Renvoyer le { $n } mail incertain
   *[other] Renvoyer les { $n } mails incertains
}
dispatch-resend-sure = Renvoyer les mails incertains ? Personne ne sait s'ils sont arrivés : certains lecteurs les recevront peut-être deux fois.
dispatch-stop-sure = Arrêter cet envoi pour de bon ? Les lecteurs qui attendent ne recevront rien.
dispatch-resend-failed = { $n ->
    [one] Renvoyer au lecteur refusé
   *[other] Renvoyer aux { $n } lecteurs refusés
}
dispatch-resend-failed-sure = Renvoyer cette édition à ceux dont le serveur l'a refusée ? Qui s'est désabonné depuis ou ne doit plus recevoir de mail est laissé de côté.
dispatch-failed-of = Les refusés de l'envoi { $id }
dispatch-route = Chemin
dispatch-routes = Chemins d'envoi
dispatch-who-not = Qui ne l'a pas reçue, et pourquoi
dispatch-reader = Lecteur
dispatch-answer = Réponse du serveur
dispatch-csv = Télécharger la liste (CSV)
dispatch-more = la suite est dans le fichier
dispatch-row-doubt = incertain
dispatch-row-deferred = remis à plus tard
dispatch-row-failed = refusé
dispatch-row-deleted = lecteur effacé
