## Ce qui revient : mails refusés, plaintes, lettres des lecteurs

returns-title = Retours
returns-lead = Ce qui est revenu de vos mails ces { $days } derniers jours, et ce qui s'en est suivi.
returns-all = Voir tout ce qui est revenu
returns-older = Plus anciens
returns-none = Rien n'est revenu
returns-none-text = Quand un serveur refuse un mail, ou qu'un lecteur en signale un, vous le verrez ici, avec ce qui a été dit.
returns-none-found = Rien de ce genre n'est revenu
returns-none-found-text = Regardez plutôt tout ce qui est revenu.
returns-nobody = inconnu ou effacé
returns-picture = Ce qui est revenu, jour par jour
returns-picture-begins = il y a un mois
returns-picture-hard = adresses mortes et plaintes
returns-picture-soft = refus passagers
returns-picture-ends = aujourd'hui
returns-address = Adresse
returns-kind = Genre
returns-words = Pourquoi
returns-followed = Ce qui a suivi
returns-edition = Édition
returns-when = Quand
returns-csv = Télécharger la liste (CSV)
returns-troubles = À regarder
returns-troubles-text = Ces mails ont été refusés à cause de ce qui a été envoyé ou de qui l'envoie. Aucun lecteur n'en a pâti.
returns-mails = { $n ->
    [one] { $n } mail
   *[other] { $n } mails
}
returns-kind-suppress = Adresse morte
returns-kind-soft = Refus passager
returns-kind-retry = Retardé
returns-kind-trouble = À cause de nous
returns-kind-complaint = Signalé comme indésirable
returns-kind-auto-reply = Réponse automatique
returns-kind-none = Sans suite
returns-figure-suppress = { $n ->
    [one] Adresse morte
   *[other] Adresses mortes
}
returns-figure-soft = { $n ->
    [one] Refus passager
   *[other] Refus passagers
}
returns-figure-retry = { $n ->
    [one] Retardé
   *[other] Retardés
}
returns-figure-trouble = { $n ->
    [one] À cause de nous
   *[other] À cause de nous
}
returns-figure-complaint = { $n ->
    [one] Signalé comme indésirable
   *[other] Signalés comme indésirables
}
returns-figure-auto-reply = { $n ->
    [one] Réponse automatique
   *[other] Réponses automatiques
}
returns-followed-suppressed = ne reçoit plus de mail
returns-followed-counted = on réessaie à la prochaine édition
returns-followed-ended = désabonné
returns-followed-kept = rien de plus
returns-reason-address-dead = Cette boîte n'existe pas
returns-reason-address-invalid = Ce n'est pas une adresse
returns-reason-host-dead = Ce domaine n'existe pas, ou ne prend pas de mail
returns-reason-user-unknown = Cette boîte n'existe pas
returns-reason-host-unknown = Ce domaine n'existe pas
returns-reason-moved = A déménagé
returns-reason-mailbox-full = Boîte pleine
returns-reason-policy = Refusé par une règle du serveur
returns-reason-blocked = Bloqué
returns-reason-content = Le mail lui-même a été refusé
returns-reason-spam = Pris pour un indésirable
returns-reason-virus = Pris pour un virus
returns-reason-too-large = Trop lourd
returns-reason-authentication = Les preuves de l'expéditeur ont été refusées (SPF, DKIM, DMARC)
returns-reason-rate = Trop de mails à la fois
returns-reason-deferred = Retardé
returns-reason-delayed = Retardé
returns-reason-expired = Essayé trop longtemps
returns-reason-network = Le serveur n'était pas joignable
returns-reason-other = Refusé sans raison claire
returns-reason-complaint = Signalé comme indésirable
returns-reason-auto-reply = Réponse automatique
returns-reason-no-answer = Aucun serveur n'a répondu
returns-reason-provider-list = Écarté par le service d'envoi
returns-reason-unreadable = Illisible
returns-reason-machine = Écrit par une machine
returns-reason-disabled = Le compte est fermé
returns-reason-no-mail-here = Ne prend pas de mail
returns-reason-suspended = Ne prend pas de mail pour un temps
returns-reason-system = Le serveur a des ennuis
returns-reason-loop = Le mail a tourné en rond
returns-reason-unclear = Refusé sans raison claire
returns-reason-sender = L'adresse de l'expéditeur a été refusée
returns-reason-relay = Ce serveur ne s'occupe pas de ce domaine
returns-reason-tls = Pas de chiffrement commun
returns-reason-syntax = Le serveur n'a pas compris
returns-letters-title = Lettres
returns-letters-unread = { $n ->
    [one] { $n } lettre que personne n'a lue
   *[other] { $n } lettres que personne n'a lues
}
returns-no-letters = Pas encore de lettre
returns-no-letters-text = Indiquez { $address } comme adresse de réponse dans les réglages, et ce que vos lecteurs répondent arrivera ici.
returns-to-settings = Ouvrir les réglages
returns-no-subject = (sans objet)
returns-subject = Objet
returns-from = De
returns-unread = nouvelle
returns-files-left-out = { $n ->
    [one] { $n } fichier a été laissé de côté.
   *[other] { $n } fichiers ont été laissés de côté.
}
returns-letter-too-large = Cette lettre était trop lourde pour être gardée. Demandez qu'on vous la renvoie, sans fichier joint.
returns-elsewhere = { $n ->
    [one] { $n } retour n'appartient à aucune publication : un mail du bureau qui est revenu, ou celui d'un inconnu.
   *[other] { $n } retours n'appartiennent à aucune publication : des mails du bureau qui sont revenus, ou ceux d'inconnus.
}
returns-answer = Répondre
returns-mark-read = Marquer comme lue
returns-mark-unread = Marquer comme non lue
returns-delete = Effacer
returns-delete-sure = Effacer cette lettre ? Elle disparaîtra pour de bon.
returns-said-read = Marquée comme lue.
returns-said-unread = Marquée comme non lue.
returns-said-deleted = La lettre est effacée.
returns-answer-no-files = Merci pour votre message. Cette adresse ne prend que du texte. Merci de renvoyer le mail sans fichier joint.
