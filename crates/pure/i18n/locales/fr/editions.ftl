## Éditions

editions-title = Éditions
editions-lead = { $n ->
    [one] Une édition.
   *[other] { $n } éditions.
}
editions-new = Nouvelle édition
editions-untitled = Sans titre
editions-empty-title = La première reste à écrire
editions-empty-text = Une édition commence par un brouillon : vous écrivez, l'aperçu montre le mail, la page et le texte, et rien ne part sans vous.
editions-column-title = Titre
editions-column-state = État
editions-column-words = Mots
editions-column-day = Date
editions-day-saved = Enregistrée le
editions-day-leaves = Partira le
editions-day-left = Partie le
editions-state-draft = brouillon
editions-state-scheduled = programmée
editions-state-sending = en cours d'envoi
editions-state-sent = envoyée
editions-number = nº { $n }
editions-by = Par { $who }
editions-words = { $n ->
    [0] Aucun mot
    [one] { $n } mot
   *[other] { $n } mots
}

# L'éditeur
editions-save = Enregistrer
editions-unsaved = Non enregistré
editions-check = Vérifier
editions-send = Envoyer…
editions-see = Voir en ligne
editions-dispatches = Envois
editions-delete = Supprimer ce brouillon…
editions-saved-at = enregistrée le { $moment }
editions-leaves-at = partira le { $moment }
editions-left-at = partie le { $moment }
editions-writing = Le texte
editions-markdown = Texte de l'édition, en Markdown
editions-seeing = Ce que verront vos lecteurs
editions-proof = Aperçu de l'édition
editions-show-mail = Mail
editions-show-web = Page
editions-show-text = Texte
editions-phone = Comme sur un téléphone
editions-dark = De nuit
editions-locked = Ce texte ne change plus : il est parti, ou un envoi l'attend. Pour le reprendre avant l'heure, arrêtez l'envoi.
editions-stale = L'aperçu montre la dernière version sans faute ; corrigez ce qui est indiqué et il suivra.
editions-offline = L'aperçu ne répond pas. Votre texte est toujours là : continuez, il reprendra à la prochaine frappe.
editions-weight = Poids du mail
editions-weight-of = { $size } sur { $most }
editions-line = ligne { $line }
editions-verdict-problems = { $n ->
    [one] Une faute empêche d'enregistrer
   *[other] { $n } fautes empêchent d'enregistrer
}
editions-verdict-errors = { $n ->
    [one] Une chose à régler avant l'envoi
   *[other] { $n } choses à régler avant l'envoi
}
editions-verdict-warnings = { $n ->
    [one] Prête à partir, avec une remarque
   *[other] Prête à partir, avec { $n } remarques
}
editions-verdict-good = Rien à redire : elle est prête à partir
editions-said-created = Le brouillon est enregistré.
editions-said-saved = C'est enregistré.
editions-said-deleted = Le brouillon est supprimé.
editions-refused-problems = Le texte a des fautes : rien n'a été enregistré, et tout ce que vous avez tapé est ci-dessous. Corrigez puis enregistrez.
editions-refused-slug = Une autre édition, ou une page du site, a déjà l'adresse donnée par « slug ». Rien n'a été enregistré ; changez-la et recommencez.
editions-refused-changed = Quelqu'un d'autre, ou une autre fenêtre, a enregistré ce brouillon entre-temps. Rien n'a été écrasé et votre texte est ci-dessous. Ouvrez l'autre version dans un nouvel onglet pour comparer ; enregistrer de nouveau la remplacera par celle-ci.
editions-refused-sent = Cette édition est partie et reste telle qu'elle a été envoyée. Votre texte est ci-dessous, mais n'a pas été enregistré.
editions-refused-scheduled = Un envoi attend cette édition : rien n'a été enregistré. Arrêtez l'envoi, puis enregistrez de nouveau ; votre texte est ci-dessous.

# La vérification et la fin d'un brouillon
editions-check-title = Avant le départ
editions-check-back = Reprendre le texte
editions-delete-title = Supprimer « { $title } » ?
editions-delete-text = Le brouillon disparaîtra pour de bon, avec les essais qui en ont été envoyés.
editions-delete-yes = Supprimer pour de bon
editions-delete-no = Garder
editions-delete-in-use = Un essai de ce brouillon est encore en route. Rien n'a été supprimé ; réessayez dans un instant.
editions-delete-left = Cette édition est partie, ou un envoi l'attend : elle ne peut plus être supprimée. Rien n'a changé.

# Ce que la vérification trouve
editions-finding-title = L'édition n'a pas de titre. Écrivez-le après « title: » en tête du texte.
editions-finding-empty = L'édition n'a pas un mot. Écrivez quelque chose sous l'en-tête.
editions-finding-subject = Le sujet a { $n } caractères ; au-delà de 70, les boîtes le coupent. Gardez l'essentiel au début.
editions-finding-preheader = Il manque la phrase que la boîte montre après le sujet : sans « preheader: », ce seront les premiers mots du texte.
editions-finding-slot = { $place } n'a pas de mot de remplacement : les lecteurs sans cette information verront un vide. Écrivez par exemple { "{" }first_name|la mif{ "}" }.
editions-finding-undated = L'édition ne dit pas de quand elle date. Ajoutez « written_at: » pour que le lecteur sache à quel moment c'était vrai.
editions-finding-old = Le texte aura { $n } jours au départ. Relisez ce qui a pu changer, ou mettez « written_at: » à jour.
editions-finding-future = « written_at » est après le départ : le texte se dirait écrit dans l'avenir.
editions-finding-clipped = Le mail pèse { $size } : au-delà de 102 ko, Gmail en coupe la fin, désabonnement compris. Raccourcissez-le.
editions-finding-heavy = Le mail pèse { $size } : à partir de 102 ko, Gmail en coupe la fin. Restez sous 90 ko.
editions-finding-segments = L'édition s'adresse à { $n } segments ; 64 au plus peuvent être servis en un envoi.
editions-finding-heading = Le titre « { $place } » saute un niveau : qui écoute la page perdra le fil. Retirez un #.
editions-finding-unfinished = Il reste « { $place } » dans le texte : il y manque encore quelque chose.
editions-finding-insecure = L'adresse { $place } n'est pas chiffrée : écrivez https:// si le site le permet.
editions-finding-relative = L'adresse { $place } n'a pas de site : dans un mail, elle mènera au vôtre. Écrivez-la en entier.
editions-finding-silent = L'image { $place } n'a pas de description. C'est bien si elle ne dit rien ; sinon, dites ce qu'on y voit.
editions-finding-poor = La description « { $place } » ne dit pas ce qu'on voit sur l'image. Décrivez-la pour qui ne la voit pas.
editions-finding-postal = La publication n'a pas d'adresse postale, que la loi de nombreux pays demande au pied de chaque envoi. Ajoutez-la dans les réglages.
editions-finding-sent = Cette édition a déjà été envoyée : qui l'a reçue ne la recevra pas deux fois, les autres la recevront telle quelle.
