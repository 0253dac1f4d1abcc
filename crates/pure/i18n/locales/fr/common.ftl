# Les mots du produit, en français. Un préfixe par pièce de la maison (letter-, site-, desk-…).
# Tapez au clavier : apostrophes et espaces insécables sont posées à la lecture.

## Communs

common-readers = { $n ->
    [one] { $n } lecteur
   *[other] { $n } lecteurs
}
