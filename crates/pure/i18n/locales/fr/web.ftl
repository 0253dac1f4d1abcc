## Ce que toutes les pages partagent

web-skip = Aller au contenu
web-menu = Menu principal
web-foot = Aussi
web-language = Langue
web-made-with = Publié avec Soucoupe
web-copied = Copié
web-confirm-yes = Oui, continuer
web-confirm-no = Non, laisser
web-said-saved = C'est enregistré.
web-pages = Pages
web-pages-newer = Plus récent
web-pages-older = Plus ancien
web-pages-position = Page { $page } sur { $last }
web-rail-editions = Éditions
web-rail-readers = Lecteurs
web-rail-dispatches = Envois
web-rail-replies = Lettres
web-rail-returns = Retours
web-rail-settings = Réglages
web-rail-publications = Publications
web-rail-catcher = Boîte d'essai
web-rail-doctor = Diagnostic
web-rail-sign-out = Se déconnecter
web-rail-switch = Changer de publication
web-form-unreadable = Une partie du formulaire n'est pas arrivée ; rien n'a été modifié. Revenez en arrière et envoyez-le encore une fois.
web-form-problems = { $n ->
    [one] Un point à revoir ; ce que vous avez saisi est toujours là.
   *[other] { $n } points à revoir ; ce que vous avez saisi est toujours là.
}
web-error-home = Retour à l'accueil
web-error-reference = Si vous nous en parlez, donnez cette référence :
web-error-not-found-title = Rien à cette adresse
web-error-not-found-text = La page a peut-être déménagé, ou le lien a perdu quelques lettres en route. Reprenez depuis l'accueil.
web-error-forbidden-title = Cette porte n'est pas la vôtre
web-error-forbidden-text = Votre compte ne permet pas de faire cela. Rien n'a été modifié. Demandez l'accès au propriétaire de la publication.
web-error-sign-in-title = Connectez-vous d'abord
web-error-sign-in-text = Il faut être connecté pour cela. Rien n'a été modifié.
web-error-bad-request-title = Impossible de s'en servir
web-error-bad-request-text = Ce qui a été envoyé n'a pas pu être lu ; rien n'a été modifié. Revenez en arrière et réessayez.
web-error-conflict-title = Les choses ont changé entre-temps
web-error-conflict-text = Quelqu'un d'autre, ou une autre fenêtre, a été plus rapide. Rien n'a été écrasé. Rouvrez la page pour voir où l'on en est.
web-error-too-many-title = Soufflons un instant
web-error-too-many-text = { $minutes ->
    [one] Cela fait beaucoup d'essais en peu de temps. Rien n'est perdu ; réessayez dans une minute.
   *[other] Cela fait beaucoup d'essais en peu de temps. Rien n'est perdu ; réessayez dans { $minutes } minutes.
}
web-error-too-large-title = C'est trop lourd
web-error-too-large-text = C'est plus que ce que cette page peut prendre ; rien n'en a été gardé. Envoyez un fichier plus petit, ou en plusieurs fois.
web-error-method-title = Pas par ce chemin
web-error-method-text = Cette adresse ne répond pas à ce genre de demande. Rien n'a été modifié. Repartez de la page qui menait ici.
web-error-cross-site-title = Cela venait d'un autre site
web-error-cross-site-text = Un formulaire de cette page ne peut être envoyé que depuis la page elle-même. Rien n'a été modifié. Ouvrez-la ici et recommencez.
web-error-host-title = Mauvaise adresse
web-error-host-text = Aucune publication ne répond à ce nom ici. Vérifiez l'adresse, ou demandez à qui tient ce serveur d'ajouter le nom.
web-error-slow-title = C'était trop long
web-error-slow-text = Nous avons cessé d'attendre la réponse. Ce qui était déjà enregistré est gardé. Réessayez dans un moment.
web-error-internal-title = Quelque chose a cassé de notre côté
web-error-internal-text = Vous n'y êtes pour rien, et ce qui était enregistré est gardé. Réessayez ; si cela recommence, prévenez qui tient ce serveur.
