## Le site public

site-number = nº { $number }
site-minutes = { $n } min de lecture
site-by = par { $who }
site-and = et
site-read = Lire l'édition
site-read-title = Lire l'édition : { $title }
site-before = Les précédentes
site-all-editions = Toutes les éditions
site-about = De quoi parle cette lettre
site-sisters = Lettres sœurs
site-nothing-yet-title = La première édition s'écrit
site-nothing-yet-text = Rien n'est encore parti. Abonnez-vous, et vous l'aurez le jour même.
site-subscribe = S'abonner
site-subscribe-title = Montez à bord
site-subscribe-lead = La prochaine édition dans votre boîte, gratuitement ; et l'on descend quand on veut, en un clic.
site-archive = Toutes les éditions
site-archive-tag = Sur le sujet « { $tag } »
site-archive-about = Toutes les éditions de { $name }, de la plus récente à la première.
site-count = { $n ->
    [one] { $n } édition
   *[other] { $n } éditions
}
site-share-mail = L'envoyer par mail
site-share-copy = Copier le lien
site-share-more = Partager
site-share-subject = À lire : { $title }
site-share-body = Je viens de lire ceci et j'ai pensé à vous :
site-tags = Sujets :
site-neighbours = Éditions voisines
site-previous = Édition précédente
site-next = Édition suivante
site-hearts = { $n ->
    [one] { $n } cœur
   *[other] { $n } cœurs
}
site-heart-title = Cette édition vous a plu ?
site-heart-give = Envoyer un cœur
site-heart-hint = Un seul par lecteur. Il n'est compté que si vous appuyez : ouvrir cette page ne dit rien à personne.
site-heart-thanks = Merci, bien reçu
site-heart-thanks-text = Votre cœur est compté. Il fera la journée de quelqu'un.
site-heart-on = Lire d'autres éditions
site-front-title = Les lettres d'ici
site-front-tagline = Écrites par des gens, envoyées à ceux qui les attendent
site-front-desk = Ouvrir le bureau
site-front-empty-title = Tout est prêt, il ne manque que vous
site-front-empty-text = Aucune lettre ne paraît encore à cette adresse. Si c'est la vôtre, ouvrez le bureau et donnez-lui un nom ; sinon, revenez bientôt.
site-front-empty-action = Ouvrir le bureau
