## Le diagnostic : le courrier qui part d'ici sera-t-il cru ?

doctor-title = Diagnostic
doctor-lead = Ce que les boîtes mail regardent avant de croire une lettre, et que faire là où quelque chose cloche.
doctor-again = Regarder de nouveau
doctor-all = Tout
doctor-which = Quelle publication
doctor-verdict-well = Tout va bien : vos lettres partent comme les boîtes mail les veulent.
doctor-verdict-warn = { $n ->
    [one] Rien n'est cassé ; une chose pourrait être mieux.
   *[other] Rien n'est cassé ; { $n } choses pourraient être mieux.
}
doctor-verdict-bad = { $n ->
    [one] Une chose empêche vos lettres d'arriver, ou d'être crues.
   *[other] { $n } choses empêchent vos lettres d'arriver, ou d'être crues.
}
doctor-figure-bad = à réparer
doctor-figure-warn = à améliorer
doctor-figure-unknown = sans réponse
doctor-figure-ok = en ordre
doctor-level-bad = à réparer
doctor-level-warn = à améliorer
doctor-level-unknown = inconnu
doctor-level-ok = en ordre
doctor-area-machine = La maison
doctor-area-route = Un chemin d'envoi
doctor-area-domain = Le domaine d'un expéditeur
doctor-area-return_path = Le chemin du retour
doctor-area-letter = Une lettre d'exemple
doctor-machine = Cette machine
doctor-no-route = Aucun chemin d'envoi
doctor-record-show = L'enregistrement
doctor-record-name = Nom
doctor-record-type = Type
doctor-record-value = Valeur
doctor-copy = Copier
doctor-name-database = Base de données
doctor-name-folder = Dossier
doctor-name-disk = Disque
doctor-name-clock = Horloge
doctor-name-address = Adresse
doctor-name-people = Bureau
doctor-name-owner = Propriétaire
doctor-name-server = Serveur
doctor-name-connection = Connexion
doctor-name-encryption = Chiffrement
doctor-name-sign_in = Identification
doctor-name-extensions = Extensions
doctor-name-signing = Signature
doctor-name-ehlo = Nom EHLO
doctor-name-ptr = Nom inverse (PTR)
doctor-name-port_25 = Port 25
doctor-name-spf = SPF
doctor-name-dkim = DKIM
doctor-name-dmarc = DMARC
doctor-name-alignment = Alignement
doctor-name-bimi = BIMI
doctor-name-way_back = Rebonds et réponses
doctor-name-tls_rpt = TLS-RPT
doctor-name-mta_sts = MTA-STS
doctor-name-postal = Adresse postale
doctor-name-postal_address = Adresse postale
doctor-name-headers = En-têtes
doctor-name-message = Message
doctor-name-sample = Exemple
doctor-name-from = Expéditeur
doctor-name-one_click = Désabonnement en un clic
doctor-name-signature = Signature
doctor-name-list_id = List-Id
doctor-name-message_id = Message-ID
doctor-name-size = Poids
doctor-name-links = Liens
doctor-name-spam = Filtre antispam

## Ce qui n'a pas pu être regardé

doctor-found-silent-offline = Pas regardé, puisque rien ne devait être demandé au réseau.
doctor-found-silent-reserved = Le nom { $domain } est réservé aux exemples et aux réseaux privés ; internet n'en sait rien.
doctor-do-silent-reserved = Mettez votre propre domaine à sa place : dans l'expéditeur de la publication et dans SOUCOUPE_BASE_URL.
doctor-found-silent-dns = Inconnu : aucun serveur de noms ne répond ({ $why }).
doctor-do-silent-dns = Regardez de nouveau quand cette machine sera sur le réseau ; SOUCOUPE_DNS désigne un autre serveur de noms.
doctor-found-silent-blind = Inconnu : le serveur de noms de ce réseau ne connaît pas même { $name } : il ne répond de rien au-dehors.
doctor-do-silent-blind = Regardez de nouveau quand cette machine sera sur le réseau ; SOUCOUPE_DNS désigne un autre serveur de noms.
doctor-found-silent-slow = Inconnu : la réponse a trop tardé.
doctor-do-silent-slow = Regardez de nouveau dans un moment.
doctor-found-silent-fault = Inconnu : le regarder a échoué ({ $why }).

## La machine

doctor-found-database = La base { $engine } est saine, schéma { $schema }.
doctor-found-database-fault = La base de données : { $fault }
doctor-do-database-fault = Faites une sauvegarde (soucoupe backup FICHIER) avant de changer quoi que ce soit, et lisez le journal de la machine.
doctor-found-folder = Le dossier { $folder } s'écrit, et il est fermé aux autres.
doctor-found-folder-open = Le dossier { $folder } s'écrit, mais d'autres utilisateurs de cette machine peuvent y regarder : lecteurs et clés s'y trouvent.
doctor-do-folder-open = Fermez-le : chmod 700 { $folder }
doctor-found-folder-closed = Le dossier { $folder } ne s'écrit pas : { $error }
doctor-do-folder-closed = Donnez-le à l'utilisateur qui fait tourner Soucoupe (chown), ou désignez-en un autre par SOUCOUPE_DATA.
doctor-found-disk = { $free } sur { $whole } sont libres là où vit { $folder }.
doctor-found-disk-low = Seulement { $free } sur { $whole } sont libres là où vit { $folder }.
doctor-do-disk-low = Faites bientôt de la place : un disque plein arrête tout envoi.
doctor-found-disk-full = Le disque de { $folder } est presque plein : il reste { $free } sur { $whole }.
doctor-do-disk-full = Faites de la place maintenant : quand rien ne s'écrit, rien ne part.
doctor-found-clock = L'horloge dit { $clock }.
doctor-found-clock-right = L'horloge dit { $clock }, et un serveur de temps est du même avis.
doctor-found-clock-alone = L'horloge dit { $clock } ; aucun serveur de temps n'a pu être interrogé.
doctor-found-clock-off = { $seconds ->
    [one] L'horloge dit { $clock } et se trompe d'une seconde.
   *[other] L'horloge dit { $clock } et se trompe de { $seconds } secondes.
}
doctor-do-clock-off = Laissez le système la tenir : timedatectl set-ntp true
doctor-found-clock-far-off = { $seconds ->
    [one] L'horloge dit { $clock } et se trompe d'une seconde.
   *[other] L'horloge dit { $clock } et se trompe de { $seconds } secondes : signatures et liens sont mal datés.
}
doctor-do-clock-far-off = Laissez le système la régler : timedatectl set-ntp true
doctor-found-clock-wrong = L'horloge dit { $clock }, ce qui ne peut pas être juste.
doctor-do-clock-wrong = Laissez le système la régler : timedatectl set-ntp true
doctor-found-address = Les lecteurs viennent à { $url }.
doctor-found-address-found = Les lecteurs viennent à { $url }, qui mène à { $address }.
doctor-found-address-inside = Les lecteurs viennent à { $url }, qui mène à { $address } : un réseau privé.
doctor-do-address-inside = Donnez à { $host } une adresse publique dans le DNS, sauf si tous vos lecteurs sont dans ce réseau.
doctor-found-address-lost = Les lecteurs viennent à { $url }, mais le DNS ne connaît aucune adresse de { $host }.
doctor-do-address-lost = Ajoutez un enregistrement A (et AAAA si vous avez IPv6) pour { $host }, avec l'adresse de cette machine.
doctor-found-address-local = Les lecteurs viennent à { $url }, que seule cette machine atteint.
doctor-do-address-local = Réglez SOUCOUPE_BASE_URL sur l'adresse en https que verront les lecteurs.
doctor-found-address-plain = Les lecteurs viennent à { $url } sans chiffrement.
doctor-do-address-plain = Mettez https devant et réglez SOUCOUPE_BASE_URL dessus : le désabonnement en un clic n'est accepté qu'en https.
doctor-found-owner = Le bureau appartient à { $email }.
doctor-found-owner-none = Le bureau n'a pas encore de propriétaire.
doctor-do-owner-none = Ouvrez /desk, ou lancez : soucoupe owner create
doctor-found-server = Un serveur tourne.
doctor-found-server-none = Aucun serveur ne tourne : les pages ne répondent pas et rien ne part de soi-même.
doctor-do-server-none = Démarrez-le : soucoupe serve

## Les chemins d'envoi

doctor-found-no-relay = Aucun relais n'est réglé : rien ne peut partir.
doctor-do-no-relay = Réglez SOUCOUPE_SMTP_URL sur votre relais, par exemple smtp+starttls://utilisateur:motdepasse@mail.example:587
doctor-found-route-wrong = Ce chemin d'envoi est inutilisable : { $why }
doctor-do-route-wrong = Corrigez son URL dans la configuration.
doctor-found-route-sealed = Le relais { $place } répond, chiffré.
doctor-found-route-sealed-known = Le relais { $place } répond, chiffré, et accepte notre nom et notre mot de passe.
doctor-found-route-open = Le relais { $place } répond.
doctor-found-route-open-known = Le relais { $place } répond et accepte notre nom et notre mot de passe.
doctor-found-route-silent = Le relais { $place } ne répond pas.
doctor-do-route-silent = Est-ce le bon hôte et le bon port, sans pare-feu entre les deux ? Beaucoup d'hébergeurs ferment le port 25 : essayez 587 (smtp+starttls://) ou 465 (smtps://).
doctor-found-route-closed = À { $place }, personne n'écoute.
doctor-do-route-closed = Regardez le port dans l'URL du relais, et si le relais tourne.
doctor-found-route-unknown = Il n'y a pas d'hôte { $host }.
doctor-do-route-unknown = Cherchez une faute de frappe dans l'URL du relais.
doctor-found-route-failed = Le relais { $place } est inutilisable : { $why }
doctor-do-route-failed = La raison est celle que donne le relais ; sa documentation ou son assistance en disent plus.
doctor-found-encryption = La connexion à { $place } est chiffrée, avec un certificat à son nom.
doctor-found-encryption-inside = La connexion à { $place } n'est pas chiffrée, et reste dans un réseau privé.
doctor-found-encryption-offered = La connexion à { $place } traverse internet sans chiffrement, alors que le relais le propose.
doctor-do-encryption-offered = Écrivez smtp+starttls://{ $host } dans l'URL du relais.
doctor-found-encryption-none = La connexion à { $place } traverse internet sans chiffrement.
doctor-do-encryption-none = Demandez au relais son port chiffré (587 avec smtp+starttls://, ou 465 avec smtps://).
doctor-found-encryption-failed = Aucune connexion chiffrée à { $place } : { $why }
doctor-do-encryption-failed = Le certificat doit être au nom de { $host } et d'une autorité connue ; ?ca=FICHIER dans l'URL du relais en accepte un de chez vous.
doctor-found-encryption-missing = { $place } ne propose pas STARTTLS, et sans lui rien n'y est envoyé.
doctor-do-encryption-missing = Essayez l'autre port du relais (465 avec smtps://) ; smtp:// est pour les réseaux privés.
doctor-found-sign-in-none = { $place } propose de s'identifier, et aucun nom n'est réglé : hors de son réseau, il refusera tout mail.
doctor-do-sign-in-none = Mettez dans son URL le nom et le mot de passe que le relais vous a donnés.
doctor-found-sign-in-clear = Le mot de passe n'a pas été envoyé à { $place } : la connexion n'est pas chiffrée.
doctor-do-sign-in-clear = Employez smtp+starttls:// ou smtps:// dans l'URL du relais.
doctor-found-sign-in-missing = { $place } ne propose aucune façon de s'identifier que nous connaissions (il propose : { $offered }).
doctor-do-sign-in-missing = Ôtez nom et mot de passe de l'URL du relais, ou demandez-lui un port avec AUTH PLAIN ou LOGIN.
doctor-found-sign-in-missing-clear = { $place } ne propose pas de s'identifier avant le chiffrement (il propose : { $offered }).
doctor-do-sign-in-missing-clear = Employez smtp+starttls:// dans l'URL du relais.
doctor-found-sign-in-refused = { $place } n'accepte pas notre nom et notre mot de passe : { $reply }
doctor-do-sign-in-refused = Recopiez-les du site du relais ; des signes comme @ et / s'écrivent %40 et %2F dans l'URL.
doctor-found-extensions = { $place } propose { $offered }.
doctor-found-extensions-slow = { $place } ne propose pas PIPELINING (il propose : { $offered }) : chaque mail fait trois allers-retours de plus.
doctor-do-extensions-slow = Les mails arrivent quand même ; avec beaucoup de lecteurs, un relais qui le propose va plusieurs fois plus vite.
doctor-found-extensions-small = { $place } ne prend aucun mail de plus de { $size }.
doctor-do-extensions-small = Demandez au relais de relever sa limite : une lettre avec ses en-têtes pèse jusqu'à 200 ko.
doctor-found-signing-ours = Ce qui part par là est signé ici, quand le domaine de l'expéditeur a une clé.
doctor-found-signing-relay = Ce qui part par là est signé par le relais, pas ici.
doctor-do-signing-relay = Vérifiez sur le site du relais qu'il signe avec votre propre domaine, et publiez l'enregistrement qu'il demande.
doctor-found-signing-both = Ce qui part par là est signé ici et par le relais ; notre signature laisse de côté ce que les relais récrivent.
doctor-found-ehlo = Nous saluons sous le nom { $ehlo }, qui mène à { $address }.
doctor-found-ehlo-lost = Nous saluons sous le nom { $ehlo }, que le DNS ne connaît pas.
doctor-do-ehlo-lost = Ajoutez pour { $ehlo } l'adresse par laquelle sort cette machine.
doctor-found-ehlo-elsewhere = Nous saluons sous le nom { $ehlo }, qui mène à { $address }, mais nous sortons par { $own }.
doctor-do-ehlo-elsewhere = Ajoutez notre adresse à { $ehlo }, ou saluez sous un autre nom (?ehlo=NOM dans l'URL du chemin).
doctor-found-ptr = { $address } s'appelle { $ehlo }, et { $ehlo } y ramène.
doctor-found-ptr-inside = Cette machine n'a pas d'adresse publique à elle.
doctor-do-ptr-inside = Derrière un routeur, c'est le nom inverse de l'adresse du routeur qui compte : il devrait être { $ehlo }.
doctor-found-ptr-none = { $address } n'a pas de nom inverse : Gmail et bien d'autres refusent ses mails.
doctor-do-ptr-none = Demandez à votre hébergeur de mettre le nom inverse (PTR) de { $address } à { $ehlo } ; c'est d'ordinaire un champ de sa console.
doctor-found-ptr-other = { $address } s'appelle { $name }, qui y ramène, mais nous saluons sous le nom { $ehlo }.
doctor-do-ptr-other = Le mieux est un seul nom pour les deux : mettez le nom inverse à { $ehlo }, ou saluez sous { $name }.
doctor-found-ptr-false = { $address } s'appelle { $name }, qui n'y ramène pas : les boîtes mail y voient un mensonge.
doctor-do-ptr-false = Demandez à votre hébergeur de mettre le nom inverse (PTR) de { $address } à { $ehlo }.
doctor-found-port-25 = Les serveurs de mail sont joignables : { $host } répond sur le port 25.
doctor-found-port-25-closed = { $host } est injoignable sur le port 25 : ce réseau ne laisse sortir aucun mail.
doctor-do-port-25-closed = Demandez à votre hébergeur d'ouvrir le port 25, ou passez par un relais sur le port 587 ou 465.

## Le domaine d'un expéditeur

doctor-found-spf = SPF dit qui envoie pour { $domain } ({ $n } recherches sur 10) : { $record }
doctor-found-spf-missing = { $domain } n'a pas d'enregistrement SPF : personne ne peut savoir quels serveurs envoient en son nom.
doctor-do-spf-missing = Publiez cet enregistrement ; ajoutez avant ~all ce qui envoie aussi des mails pour ce domaine.
doctor-found-spf-several = { $domain } a { $n } enregistrements SPF : les boîtes mail y voient une erreur et aucun ne compte.
doctor-do-spf-several = Réunissez-les en un seul et effacez les autres.
doctor-found-spf-wrong = L'enregistrement SPF de { $domain } est illisible : { $why }
doctor-do-spf-wrong = Corrigez-le ; voici ce qu'il pourrait dire.
doctor-found-spf-broken = SPF de { $domain } : quelque chose est cassé chez { $place } : { $why }
doctor-do-spf-broken = Ôtez de l'enregistrement la mention de { $place }, ou faites-le réparer par qui le tient : d'ici là les boîtes mail voient une erreur.
doctor-found-spf-dear = SPF de { $domain } demande { $n } recherches ; les boîtes mail s'arrêtent à 10 et voient une erreur.
doctor-do-spf-dear = Ôtez les « include » des services qui n'envoient plus pour vous.
doctor-found-spf-everybody = SPF de { $domain } finit par +all : le monde entier peut envoyer en son nom.
doctor-do-spf-everybody = Finissez l'enregistrement par ~all.
doctor-found-spf-endless = SPF de { $domain } ne dit rien de tous les autres.
doctor-do-spf-endless = Finissez l'enregistrement par ~all.
doctor-found-spf-include = SPF de { $domain } ne nomme pas { $service }, par qui nous envoyons.
doctor-do-spf-include = Ajoutez { $mechanism } à l'enregistrement, comme le documente { $service } ; s'il emploie un chemin de retour à lui, son site dit quoi publier à la place.
doctor-found-spf-relay = SPF de { $domain } ne laisse pas le relais { $host } envoyer.
doctor-do-spf-relay = Cherchez dans la documentation du relais l'« include » qu'il demande ; à défaut, nommez son hôte.
doctor-found-spf-own = SPF de { $domain } ne laisse pas notre propre adresse { $address } envoyer.
doctor-do-spf-own = Ajoutez l'adresse à l'enregistrement.
doctor-found-dkim = Les mails de { $domain } sont signés ({ $bits } bits), et le DNS montre la bonne clé à { $name }.
doctor-found-dkim-relay = Les mails de { $domain } sont signés par le relais, pas ici.
doctor-do-dkim-relay = Vérifiez sur le site du relais qu'il signe avec d={ $domain }.
doctor-found-dkim-none = Les mails de { $domain } ne sont pas signés ici.
doctor-do-dkim-none = Faites une clé et publiez l'enregistrement affiché : soucoupe keys create --domain { $domain } — sauf si le relais signe ; dites alors signing = "relay" pour ce chemin.
doctor-found-dkim-missing = Les mails de { $domain } sont signés, mais le DNS ne montre aucune clé à { $name } : personne ne peut vérifier la signature.
doctor-do-dkim-missing = Publiez cet enregistrement.
doctor-found-dkim-several = Le DNS montre { $n } enregistrements à { $name } ; les boîtes mail risquent de prendre le mauvais.
doctor-do-dkim-several = N'y laissez que cet enregistrement.
doctor-found-dkim-wrong = L'enregistrement à { $name } n'est pas une clé : { $why }
doctor-do-dkim-wrong = Mettez celui-ci à sa place ; une longue valeur est souvent coupée ou abîmée par le formulaire où on la colle.
doctor-found-dkim-revoked = La clé à { $name } est vide, ce qui veut dire retirée.
doctor-do-dkim-revoked = Mettez cet enregistrement à sa place.
doctor-found-dkim-other = La clé à { $name } n'est pas celle avec laquelle nous signons : toute signature échoue.
doctor-do-dkim-other = Mettez cet enregistrement à sa place, ou faites une clé sous un autre nom : soucoupe keys create --selector NOM
doctor-found-dkim-useless = La clé à { $name } est trop courte, ou n'est pas faite pour le mail : les boîtes mail l'ignorent.
doctor-do-dkim-useless = Faites une nouvelle clé sous un autre nom : soucoupe keys create --domain { $domain } --selector NOM
doctor-found-dkim-testing = La clé à { $name } se dit à l'essai (t=y) : certaines boîtes mail l'ignorent.
doctor-do-dkim-testing = Ôtez t=y de l'enregistrement.
doctor-found-dkim-short = La clé à { $name } a { $bits } bits ; 2048 sont conseillés.
doctor-do-dkim-short = Faites une nouvelle clé sous un autre nom : soucoupe keys create --domain { $domain } --selector NOM
doctor-found-dmarc = DMARC protège { $domain } (p={ $policy }, à { $place }) ; les rapports vont à { $reports }.
doctor-found-dmarc-none = DMARC est là (p=none, à { $place }) ; les rapports vont à { $reports }.
doctor-do-dmarc-none = Quand les rapports montrent que tous vos mails passent, allez à p=quarantine : d'autres ne pourront plus écrire en votre nom.
doctor-found-dmarc-missing = Rien ne dit DMARC pour { $domain } : Gmail, Yahoo et Outlook refusent les lettres sans lui.
doctor-do-dmarc-missing = Publiez cet enregistrement ; p=none ne change rien à vos autres mails, et les rapports disent qui écrit en votre nom.
doctor-found-dmarc-wrong = L'enregistrement DMARC de { $domain } ne compte pas : { $why }
doctor-do-dmarc-wrong = N'y laissez que cet enregistrement.
doctor-found-dmarc-no-policy = L'enregistrement DMARC à { $place } n'a pas de politique valable et compte comme p=none.
doctor-do-dmarc-no-policy = Écrivez-y p=none, p=quarantine ou p=reject.
doctor-found-dmarc-no-reports = DMARC est là (p={ $policy }, à { $place }), mais ne nomme personne à qui rendre compte.
doctor-do-dmarc-no-reports = Ajoutez rua= avec une adresse qui est lue : sans rapports, personne ne voit ce qui échoue.
doctor-found-dmarc-share = L'enregistrement DMARC à { $place } dit pct={ $share }, que la RFC 9989 a supprimé : la politique vaut pour tous les mails.
doctor-do-dmarc-share = Ôtez-en pct ; pour essayer une politique, écrivez plutôt t=y.
doctor-found-aligned = La signature et le chemin de retour ({ $path }) sont tous deux au nom de { $domain }.
doctor-found-aligned-key = La signature est au nom de { $domain } ; le chemin de retour est { $path }, un autre domaine : DMARC repose sur la seule signature.
doctor-do-aligned-key = Cela suffit ; avec SOUCOUPE_BOUNCE_DOMAIN réglé sur un nom sous { $domain }, SPF compterait aussi.
doctor-found-aligned-path = Le chemin de retour ({ $path }) est au nom de { $domain }, mais rien n'est signé à ce nom : DMARC échoue dès qu'une lettre est transférée.
doctor-do-aligned-path = Faites une clé de signature : soucoupe keys create --domain { $domain }
doctor-found-aligned-relay = Ni le chemin de retour ({ $path }) ni une signature d'ici n'est au nom de { $domain } : tout repose sur la signature du relais.
doctor-do-aligned-relay = Vérifiez sur le site du relais qu'il signe avec d={ $domain }, ou signez aussi ici : soucoupe keys create --domain { $domain }
doctor-found-aligned-none = Ni une signature ni le chemin de retour ({ $path }) n'est au nom de { $domain } : DMARC échoue pour chaque lettre.
doctor-do-aligned-none = Faites une clé de signature : soucoupe keys create --domain { $domain }
doctor-found-bimi = BIMI montre le logo { $url }, avec un certificat.
doctor-found-bimi-unproven = BIMI montre le logo { $url } ; Gmail et Apple veulent en plus un certificat (VMC ou CMC).
doctor-found-bimi-none = Aucun logo n'est publié (BIMI) ; rien n'y oblige.
doctor-do-bimi-none = Pour en montrer un près de votre nom : un dessin carré en SVG Tiny PS sur votre propre site, et cet enregistrement.
doctor-found-bimi-declined = BIMI dit qu'aucun logo ne doit être montré.
doctor-found-bimi-wrong = L'enregistrement BIMI de { $domain } est inutilisable : { $why }
doctor-do-bimi-wrong = Voici la forme qu'il a.
doctor-found-bimi-lenient = BIMI a un logo, mais ne le montre que sous une politique DMARC quarantine ou reject.
doctor-do-bimi-lenient = Une fois les rapports DMARC sans tache, durcissez la politique.
doctor-found-bimi-logo-lost = Le logo { $url } ne se laisse pas chercher : { $why }
doctor-do-bimi-logo-lost = Il doit répondre en https sans détour.
doctor-found-bimi-logo-wrong = { $n ->
    [one] Le logo { $url } n'est pas comme BIMI le veut : { $why }.
   *[other] Le logo { $url } n'est pas comme BIMI le veut, sur { $n } points ; le premier : { $why }.
}
doctor-do-bimi-logo-wrong = Enregistrez-le en SVG Tiny PS : carré, avec un titre, sans script, ni image, ni police venue d'ailleurs.

## Le chemin du retour

doctor-found-way-back = Rebonds et réponses reviennent : { $servers }, c'est cette machine.
doctor-found-way-back-mailbox = Rebonds et réponses arrivent chez { $servers } et sont lus dans la boîte.
doctor-found-way-back-services = Les rebonds sont annoncés par { $services } ; les réponses vont à l'adresse que voient les lecteurs.
doctor-found-way-back-none = Aucun chemin de retour n'est réglé : les rebonds seront perdus, et les adresses mortes sollicitées à jamais.
doctor-do-way-back-none = Réglez SOUCOUPE_RETURNS_LISTEN et publiez un enregistrement MX pour { $domain }, ou SOUCOUPE_RETURNS_IMAP pour une boîte, ou le secret des avis de votre relais sous [webhooks].
doctor-found-way-back-no-mx = { $domain } n'a pas d'enregistrement MX : les rebonds ne trouvent personne.
doctor-do-way-back-no-mx = Publiez cet enregistrement, avec le nom de la machine qui prend le courrier.
doctor-found-way-back-null = { $domain } dit ne prendre aucun mail (MX nul) : les rebonds se perdent, et beaucoup refusent de tels expéditeurs.
doctor-do-way-back-null = Mettez cet enregistrement à sa place.
doctor-found-way-back-lost = Le serveur de mail de { $domain }, { $servers }, n'a pas d'adresse.
doctor-do-way-back-lost = Nommez dans l'enregistrement MX une machine qui existe, celle-ci par exemple.
doctor-found-way-back-elsewhere = Le courrier de { $domain } va chez { $servers }, qui n'est pas cette machine ({ $host }), autant qu'on puisse voir.
doctor-do-way-back-elsewhere = Si ce serveur nous fait suivre le courrier, tout va bien ; sinon, dirigez l'enregistrement MX ici.
doctor-found-way-back-deaf = Le courrier de retour est attendu sur { $listen }, mais rien n'y répond.
doctor-do-way-back-deaf = Démarrez le serveur (soucoupe serve), et lisez son journal s'il tourne déjà.
doctor-found-way-back-port = Le courrier de retour est attendu sur { $listen }, mais les serveurs ne livrent qu'au port 25.
doctor-do-way-back-port = Menez-y le port 25 de cette machine, ou écoutez sur le port 25.
doctor-found-tls-rpt = Les rapports de chiffrement manqué vont à { $reports }.
doctor-found-tls-rpt-missing = { $domain } prend du courrier, et personne n'apprend quand d'autres n'arrivent pas à chiffrer.
doctor-do-tls-rpt-missing = Publiez cet enregistrement, avec une adresse qui est lue.
doctor-found-tls-rpt-none = Pas d'enregistrement TLS-RPT à { $domain } ; il ne sert que là où du courrier est pris.
doctor-found-tls-rpt-wrong = L'enregistrement TLS-RPT de { $domain } ne compte pas : { $why }
doctor-do-tls-rpt-wrong = N'y laissez que cet enregistrement.
doctor-found-mta-sts = MTA-STS dit aux expéditeurs que nos serveurs chiffrent (mode { $mode }).
doctor-found-mta-sts-none = Pas de MTA-STS à { $domain } ; rien n'y oblige.
doctor-found-mta-sts-wrong = L'enregistrement MTA-STS de { $domain } ne compte pas : { $why }
doctor-do-mta-sts-wrong = Il s'écrit v=STSv1; id=1 avec un nouvel id à chaque changement ; ou ôtez-le.
doctor-found-mta-sts-lost = Il y a un enregistrement MTA-STS, mais la politique { $url } ne se laisse pas chercher : { $why }
doctor-do-mta-sts-lost = Servez-y la politique en https, ou ôtez l'enregistrement.
doctor-found-mta-sts-wrong-policy = La politique MTA-STS { $url } est inutilisable : { $why }
doctor-do-mta-sts-wrong-policy = Corrigez le fichier, puis changez l'id de l'enregistrement.
doctor-found-mta-sts-server = La politique MTA-STS { $url } oublie notre serveur { $server } : les expéditeurs prudents n'y livreront pas.
doctor-do-mta-sts-server = Ajoutez à la politique une ligne « mx: { $server } », puis changez l'id de l'enregistrement.

## Une lettre d'exemple

doctor-found-postal = La lettre a une adresse postale à son pied.
doctor-found-postal-none = Aucune adresse postale au pied de la lettre ; la loi de bien des pays en demande une.
doctor-do-postal-none = Écrivez-la dans les réglages de la publication.
doctor-found-sample-edition = Regardée comme un lecteur la recevrait : « { $title } ».
doctor-found-sample-untitled = Regardée comme un lecteur la recevrait : l'édition la plus récente, encore sans titre.
doctor-found-sample-own = Il n'y a pas encore d'édition : c'est une lettre à nous qui a été regardée.
doctor-found-message-fault = La lettre ne peut pas être faite : { $fault }
doctor-do-message-fault = Regardez les réglages de la publication : son expéditeur, son nom, et l'adresse de l'instance.
doctor-found-from = Elle est de { $from }, une seule adresse de { $domain }, et les réponses ont une adresse.
doctor-found-from-many = Elle n'a pas d'expéditeur, ou plusieurs.
doctor-found-from-foreign = Elle est de { $from }, qui n'est pas au domaine de la publication.
doctor-found-reply-to-none = Elle est de { $from } et ne nomme aucune adresse pour les réponses, ce que demande Outlook.
doctor-do-reply-to-none = Nommez-en une dans les réglages de la publication.
doctor-found-one-click = Un clic désabonne, comme le veut la RFC 8058.
doctor-found-one-click-plain = L'adresse du clic commence par { $url } : sans https, Gmail et Yahoo ne la prennent pas.
doctor-do-one-click-plain = Mettez https devant l'instance et réglez SOUCOUPE_BASE_URL dessus.
doctor-found-one-click-none = La paire d'en-têtes de la RFC 8058 manque ou est incomplète.
doctor-found-signature = La signature de { $domain } couvre les en-têtes qui comptent, dont la paire du désabonnement.
doctor-found-signature-none = Elle part d'ici sans signature : le relais doit la signer, et couvrir List-Unsubscribe et List-Unsubscribe-Post.
doctor-do-signature-none = Faites une clé pour le domaine de l'expéditeur, ou vérifiez que le relais signe : Gmail et Yahoo ignorent un désabonnement en un clic non signé.
doctor-found-signature-open = La signature de { $domain } oublie { $fields }.
doctor-found-list-id = La liste est { $id } ; les plaintes sont comptées sous { $feedback }.
doctor-found-list-id-none = List-Id ou Feedback-ID manque, ou est mal formé.
doctor-found-message-id = Date et Message-ID sont à nous (à { $domain }) ; le chemin de retour est à { $path }.
doctor-found-message-id-local = Le Message-ID est à { $domain }, un nom qui veut dire autre chose sur chaque machine.
doctor-do-message-id-local = Réglez SOUCOUPE_BASE_URL sur l'adresse que verront les lecteurs.
doctor-found-message-id-none = Date ou Message-ID manque.
doctor-found-size = Le HTML pèse { $size }, sur { $budget } permis ; le mail entier { $whole }.
doctor-found-size-heavy = Le HTML pèse { $size }, plus de { $budget } : Gmail risque d'en couper la fin. Le mail entier pèse { $whole }.
doctor-do-size-heavy = Raccourcissez l'édition, ou laissez-en une partie sur le site.
doctor-found-size-clipped = Le HTML pèse { $size }, bien plus que { $budget } : Gmail en coupe la fin, et avec elle le lien de désabonnement. Le mail entier pèse { $whole }.
doctor-do-size-clipped = Raccourcissez l'édition, ou laissez-en une partie sur le site.
doctor-found-links = Tous les liens sont chiffrés et mènent à quelqu'un : { $own } vers votre site, { $foreign } ailleurs.
doctor-found-links-plain = { $n ->
    [one] Un lien n'est pas chiffré : { $urls }
   *[other] { $n } liens ne sont pas chiffrés : { $urls }
}
doctor-do-links-plain = Écrivez https à la place là où le site l'a ; les filtres vous comptent les autres.
doctor-found-links-dead = { $n ->
    [one] Derrière un lien il n'y a personne : { $urls }
   *[other] Derrière { $n } liens il n'y a personne : { $urls }
}
doctor-do-links-dead = Corrigez-les avant que l'édition parte.
doctor-found-links-not-asked = { $own } liens vers votre site, { $foreign } ailleurs ; personne n'a été dérangé pour savoir s'ils vivent.
doctor-found-links-silent = { $own } liens vers votre site, { $foreign } ailleurs ; aucun de ces derniers n'a pu être joint d'ici.
doctor-found-spam-low = Le filtre antispam donne { $score } points sur { $threshold } ; ce qui a parlé : { $rules }
doctor-found-spam-near = Le filtre antispam donne { $score } points sur { $threshold }, c'est près ; ce qui a parlé : { $rules }
doctor-do-spam-near = Regardez les règles qui pèsent le plus ; les mots, les liens, un enregistrement qui manque ont chacun la leur.
doctor-found-spam-high = Le filtre antispam prend la lettre pour un indésirable : { $score } points, quand { $threshold } sont de trop ; ce qui a parlé : { $rules }
doctor-do-spam-high = Regardez les règles qui pèsent le plus ; les mots, les liens, un enregistrement qui manque ont chacun la leur.
doctor-found-spam-silent = Le filtre antispam à { $place } ne répond pas : { $why }
doctor-do-spam-silent = Regardez s'il tourne, et SOUCOUPE_SPAM_CHECKER.
