## Les lecteurs

audience-email = Votre adresse mail
audience-email-wrong = Cette adresse n'en est pas une : il faut quelque chose comme ada@exemple.fr.
audience-subscribe-first-name = Prénom, si vous voulez
audience-first-name = Prénom
audience-last-name = Nom
audience-language = Langue

## S'abonner

audience-subscribe-title = S'abonner à { $name }
audience-subscribe-lead = Chaque édition dans votre boîte, dès sa sortie. Rien d'autre.
audience-subscribe-button = Je m'abonne
audience-subscribe-consent = En vous abonnant, vous demandez à recevoir { $name } par mail. Vous pourrez vous désabonner d'un clic, dans chaque lettre.
audience-subscribe-confirm-hint = Vous recevrez un mail avec un bouton de confirmation : sans lui, rien ne vous est envoyé.
audience-subscribe-again = C'était très rapide. Un dernier clic pour confirmer que c'est bien vous.
audience-subscribe-trap = Ne remplissez pas ce champ
audience-asked-title = Regardez votre boîte mail
audience-asked-text = Si cette adresse attend une confirmation, un mail vient de partir : ouvrez-le et appuyez sur le bouton.
audience-asked-hint = Rien après quelques minutes ? Vérifiez les indésirables. Une adresse n'est sollicitée qu'une fois par jour ; si vous lisez déjà { $name }, aucun mail ne part.
audience-asked-back = Lire les éditions en attendant

## Le mail de confirmation

audience-confirm-mail-subject = Confirmez votre abonnement à { $name }
audience-confirm-mail-before = Quelqu'un, sans doute vous, a demandé à recevoir { $name } à cette adresse. Si c'est bien vous, il reste un geste.
audience-confirm-mail-button = Confirmer mon abonnement
audience-confirm-mail-after = Ce n'était pas vous ? Ne faites rien : sans ce bouton, vous ne recevrez aucune lettre.

## Confirmer

audience-confirm-title = Encore un geste
audience-confirm-text = { $email } souhaite recevoir { $name }.
audience-confirm-button = Oui, je m'abonne
audience-confirm-consent = Je souhaite recevoir { $name } par mail. Je peux me désabonner d'un clic, dans chaque lettre.
audience-confirmed-title = Bienvenue
audience-confirmed-text = C'est fait : la prochaine édition de { $name } arrivera à { $email }.
audience-confirmed-read = Lire les éditions parues
audience-confirm-ended-title = Ce lien a fait son temps
audience-confirm-ended-text = Cet abonnement a pris fin depuis. Pour revenir, abonnez-vous de nouveau : il suffit d'un nouveau mail.

## Partir

audience-leave-title = Se désabonner de { $name }
audience-leave-text = { $email } ne recevra plus { $name }. Cela prend effet tout de suite.
audience-leave-button = Me désabonner
audience-left-title = Votre abonnement est terminé
audience-left-text = Vous ne recevrez plus { $name }. Merci d'avoir été là.
audience-left-again = Un clic de trop ? Abonnez-vous de nouveau
audience-link-title = Ce lien est incomplet
audience-link-text = Il a perdu quelques lettres en route, ou ce qu'il ouvrait n'existe plus. Ouvrez-le depuis le mail d'origine, sans le recopier.

## Préférences

audience-preferences-title = Vos préférences
audience-preferences-lead = Tout ce que nous gardons de { $email }, et ce que vous voulez en faire.
audience-preferences-letters = Vos lettres
audience-wish-receive = Recevoir chaque édition
audience-wish-pause = En pause, jusqu'à ce que je reprenne
audience-wish-leave = Ne rien recevoir
audience-preferences-you = Vous
audience-preferences-names-hint = Seulement pour vous saluer.
audience-preferences-save = Enregistrer
audience-preferences-consent = Mes préférences, enregistrées sur ma page
audience-said-preferences = C'est enregistré, et cela vaut dès maintenant.
audience-preferences-data = Vos données
audience-preferences-data-text = Emportez tout ce que nous savons de vous, ou faites-le disparaître.
audience-preferences-export = Télécharger mes données
audience-preferences-delete = Tout supprimer
audience-delete-title = Tout supprimer
audience-delete-text = Vos abonnements, votre nom, vos choix et les preuves de vos accords disparaissent, pour toutes les lettres de cette maison. Il ne reste qu'une empreinte de votre adresse, illisible, pour que personne ne vous réinscrive sans vous.
audience-delete-tick = Oui, supprimer tout ce qui concerne { $email }
audience-delete-needed = Cochez la case pour confirmer. Rien n'a été supprimé.
audience-delete-button = Supprimer pour de bon
audience-delete-keep = Non, revenir à mes préférences
audience-deleted-title = C'est oublié
audience-deleted-text = Tout ce qui vous concernait a été supprimé. Vous pourrez toujours revenir, par vous-même.

## Pourquoi une ligne est refusée

audience-refused-empty = il n'y a pas d'adresse
audience-refused-at = une adresse a un @, et un seul
audience-refused-local = ce qui précède le @ contient quelque chose d'impossible
audience-refused-domain = ce qui suit le @ n'est pas un nom de domaine
audience-refused-length = l'adresse est trop longue
audience-refused-deletion = cette personne a demandé à disparaître de l'ancien service
audience-refused-status = l'état de cet abonné n'est pas connu ici
audience-errors-line = ligne
audience-errors-reason = raison

## Ce qu'un import a fait

audience-report-lines = { $n ->
    [one] { $n } ligne lue.
   *[other] { $n } lignes lues.
}
audience-report-added = { $n ->
    [one] { $n } lecteur ajouté.
   *[other] { $n } lecteurs ajoutés.
}
audience-report-pending = { $n ->
    [one] Dont { $n } qui n'a pas encore confirmé, et ne recevra rien d'ici là.
   *[other] Dont { $n } qui n'ont pas encore confirmé, et ne recevront rien d'ici là.
}
audience-report-updated = { $n ->
    [one] { $n } lecteur connu, complété.
   *[other] { $n } lecteurs connus, complétés.
}
audience-report-already = { $n ->
    [one] { $n } ligne déjà connue.
   *[other] { $n } lignes déjà connues.
}
audience-report-suppressed = { $n ->
    [one] { $n } adresse laissée dehors : elle est partie, ou ne doit plus recevoir de mail.
   *[other] { $n } adresses laissées dehors : elles sont parties, ou ne doivent plus recevoir de mail.
}
audience-report-opted-out = { $n ->
    [one] { $n } départ repris du fichier.
   *[other] { $n } départs repris du fichier.
}
audience-report-refused = { $n ->
    [one] { $n } ligne refusée.
   *[other] { $n } lignes refusées.
}
audience-report-reason = { $n } : { $why }.
audience-report-ignored = Colonnes sans usage ici : { $names }.
audience-report-errors = Les lignes refusées, avec leur raison : { $file }
audience-report-dry-run = Ceci était un essai : rien n'a été écrit.

audience-import-empty = Ligne 1, colonne 1 : le fichier est vide. Sa première ligne doit nommer les colonnes, dont une « email ».
audience-import-no-address = Ligne { $line }, colonne 1 : aucune colonne ne contient l'adresse. Nommez-en une « email » (trouvé : { $found }).
audience-import-open-quote = Ligne { $line }, colonne { $column } : un guillemet s'ouvre et ne se ferme pas. Rien n'a été importé.

## Le bureau

audience-desk-title = Lecteurs
audience-desk-count-active = Actifs
audience-desk-count-pending = En attente
audience-desk-count-paused = En pause
audience-desk-count-ended = Partis
audience-desk-count-suppressed = Adresses bloquées
audience-state-pending = en attente
audience-state-active = actif
audience-state-paused = en pause
audience-state-ended = parti
audience-desk-every = Tous
audience-desk-search = Début d'une adresse
audience-desk-search-button = Chercher
audience-desk-filter = Montrer
audience-desk-address = Adresse
audience-desk-name = Nom
audience-desk-state = État
audience-desk-since = Depuis
audience-desk-source = Venu de
audience-desk-older = Plus anciens
audience-desk-first = Revenir au début
audience-desk-import = Importer
audience-desk-export = Exporter
audience-desk-empty-title = Personne encore
audience-desk-empty-text = Apportez vos lecteurs d'un autre service, ou partagez la page d'abonnement : chacun confirmera lui-même.
audience-desk-empty-found-title = Personne ne correspond
audience-desk-empty-found-text = Essayez le début d'une autre adresse, ou montrez tous les états.
audience-source-form = page d'abonnement
audience-source-embed = formulaire d'un autre site
audience-source-api = programme
audience-source-import = import
audience-source-preferences = ses préférences
audience-source-demo = démonstration

audience-reader-letters = Abonnements
audience-reader-proofs = Preuves
audience-reader-proofs-empty = Aucune preuve n'est gardée ici : ce lecteur est arrivé sans date d'accord.
audience-reader-suppressions = Ce qui s'oppose à un envoi
audience-reader-suppressions-everywhere = toutes les lettres
audience-reader-kept = Ce qui est gardé
audience-reader-known = Connu depuis
audience-reader-act = Geste
audience-reader-words = Mots exacts
audience-reader-form = Formulaire
audience-reader-network = Réseau
audience-reader-when = Quand
audience-reader-end = Retirer de { $name }
audience-reader-end-ask = Retirer { $email } ? Cette adresse ne recevra plus rien et ne pourra revenir que d'elle-même.
audience-reader-delete = Tout supprimer
audience-reader-delete-ask = Supprimer tout ce qui concerne { $email }, dans toutes les lettres ? Il n'en restera qu'une empreinte.
audience-said-ended = Ce lecteur a été retiré.
audience-said-deleted = Tout ce qui concernait ce lecteur a été supprimé.
audience-act-asked = a demandé
audience-act-confirmed = a confirmé
audience-act-unsubscribed = est parti
audience-act-complained = a signalé un mail comme indésirable
audience-act-paused = a mis en pause
audience-act-resumed = a repris
audience-act-imported = accord noté ailleurs
audience-reason-deleted = tout a été supprimé
audience-reason-complaint = signalé comme indésirable
audience-reason-manual = retiré par l'auteur
audience-reason-unsubscribed = désabonné
audience-reason-imported = départ repris d'un import
audience-reason-hard_bounce = adresse morte

audience-import-title = Importer des lecteurs
audience-import-lead = Un fichier CSV d'un autre service, tel qu'il l'a donné. Rien n'est écrit avant que vous ayez vu le compte.
audience-import-file = Fichier CSV
audience-import-file-hint = Une colonne avec l'adresse suffit. Prénom, nom, langue, étiquettes, état et dates sont reconnus ; les départs restent des départs.
audience-import-file-needed = Choisissez un fichier.
audience-import-try = Voir ce qui se passerait
audience-import-promise = Ces personnes ont demandé à recevoir cette lettre : je peux le montrer.
audience-import-promise-needed = Cochez la case : un lecteur qui n'a rien demandé est un lecteur perdu.
audience-import-confirm = { $n ->
    [0] Importer quand même
    [one] Importer { $n } lecteur
   *[other] Importer { $n } lecteurs
}
audience-import-trial-title = Ce qui se passerait
audience-import-trial-lead = Rien n'est encore écrit.
audience-import-done-title = Import terminé
audience-import-cancel = Choisir un autre fichier
audience-import-gone = Ce fichier n'attend plus : il a été importé, ou il a trop attendu. Choisissez-le encore une fois.
audience-import-errors-download = Télécharger les lignes refusées
audience-import-to-readers = Voir les lecteurs
