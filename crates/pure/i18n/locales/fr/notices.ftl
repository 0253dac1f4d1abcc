## Les petits messages que la maison envoie d'elle-même

notices-link = Le bouton ne répond pas ? Copiez cette adresse dans votre navigateur :
notices-why = Ce message a été envoyé une seule fois, parce que quelqu'un l'a demandé auprès de { $name }.
