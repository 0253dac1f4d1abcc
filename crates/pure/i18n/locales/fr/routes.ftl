## Les chemins par lesquels les mails partent

routes-title = Chemins d'envoi
routes-lead = Par où partent les mails de cette publication, ce que chaque chemin a porté aujourd'hui, et ce qu'il peut encore porter.
routes-back = Envois
routes-none = Aucun chemin n'est réglé
routes-none-text = Indiquez un relais dans SOUCOUPE_SMTP_URL, ou plusieurs chemins dans soucoupe.toml, puis redémarrez.
routes-one = Un seul chemin est réglé : tout part par là. D'autres s'ajoutent dans soucoupe.toml, sous [[route]].
routes-all = Cette publication emploie tous les chemins réglés, selon leur poids. Pour n'en garder que certains, cochez-les.
routes-by-choice = Cette publication n'emploie que les chemins cochés. Décochez-les tous pour qu'elle les emploie tous.
routes-state-fine = En service
routes-state-down = Ne prend rien
routes-trouble = Ce chemin refuse tout le monde en ce moment. Les mails passent par un autre ou attendent. Il répond :
routes-default = Relais principal
routes-direct = Directement chez les hébergeurs de mail des lecteurs
routes-connections = { $n ->
    [one] { $n } connexion au plus
   *[other] { $n } connexions au plus
}
routes-rate = { $n ->
    [one] { $n } mail par seconde au plus
   *[other] { $n } mails par seconde au plus
}
routes-cap = { $n ->
    [one] { $n } mail par jour au plus
   *[other] { $n } mails par jour au plus
}
routes-signing-ours = Soucoupe signe
routes-signing-relay = Le relais signe
routes-signing-both = Soucoupe et le relais signent
routes-use = Employer ce chemin
routes-weight = Poids
routes-weight-hint = Le poids est la part de chacun : avec 2 et 1, le premier porte deux mails sur trois. À 0, un chemin ne sert que si aucun autre ne marche.
routes-wrong-weight = Un poids est un nombre entier de 0 à 1 000. Rien n'a été changé.
routes-save = Enregistrer
routes-carried = Porté aujourd'hui, par hébergeur de mail
routes-carried-none = Rien n'est encore passé par là aujourd'hui.
routes-provider = Hébergeur
routes-provider-other = Autres domaines
routes-provider-rest = Tous les autres
routes-accepted = Acceptés
routes-deferred = Remis à plus tard
routes-bounced = Refusés
routes-warm-up = Mise en confiance
routes-plan = { $today } aujourd'hui, puis { $next }, si chaque jour se passe bien
routes-plan-warm = terminée : plus de limite
