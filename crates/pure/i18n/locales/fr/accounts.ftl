## Comptes

accounts-name = Votre nom
accounts-name-needed = Il manque votre nom.
accounts-email = Adresse mail
accounts-email-wrong = Cette adresse n'en est pas une : il faut quelque chose comme ada@exemple.fr.
accounts-password = Mot de passe
accounts-password-hint = { $n } caractères ou plus ; une petite phrase fait très bien l'affaire.
accounts-password-length = Il faut au moins { $n } caractères.
accounts-sign-in = Se connecter
accounts-sign-in-title = Connexion
accounts-sign-in-refused = L'adresse et le mot de passe ne vont pas ensemble. Rien n'a été changé.
accounts-sign-in-wait = { $minutes ->
    [one] Trop d'essais : patientez une minute avant de recommencer.
   *[other] Trop d'essais : patientez { $minutes } minutes avant de recommencer.
}
accounts-link-title = Content de vous voir
accounts-link-text = Ce lien ouvre votre bureau, une seule fois.
accounts-link-old-title = Ce lien ne sert plus
accounts-link-old-text = Il a déjà servi, ou il a trop attendu. Demandez-en un autre au programme, ou connectez-vous avec votre mot de passe.
accounts-welcome-title = Bienvenue chez vous
accounts-welcome-text = Cette instance n'a pas encore de propriétaire. C'est vous ? Choisissez de quoi revenir.
accounts-welcome-create = Créer mon compte
