"""Names of the invented population: very common ones, drawn at random, and rare ones made of syllables.

No list comes from a file of persons. A surname or first name says nothing of the young person who is given
it: an ``Origin`` here is only a way of writing names, so that each kind of spelling trouble is met.
"""

from __future__ import annotations

from dataclasses import dataclass


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


@dataclass(frozen=True)
class Origin:
    """One way of writing names. ``share``: of the families; ``countries``: INSEE codes of births abroad.

    ``starts``, ``middles`` and ``ends`` make ``rare_count`` more surnames.
    """

    code: str
    share: float
    surnames: tuple[str, ...]
    starts: tuple[str, ...]
    middles: tuple[str, ...]
    ends: tuple[str, ...]
    rare_count: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    abroad_share: float
    countries: tuple[str, ...]


_FRENCH_GIRLS = _split(
    "Emma Léa Manon Chloé Camille Inès Sarah Jade Louise Lola Anaïs Zoé Clara Juliette Lucie Eva Lilou"
    " Maëlys Océane Romane Mathilde Alice Elisa Pauline Charlotte Noémie Célia Lisa Margaux Jeanne"
    " Louna Julia Marie Laura Justine Ambre Elise Mélissa Nina Agathe Élodie Maëva Morgane Héloïse"
    " Victoire Anna Rose Léna Lou Capucine Éva Coralie Solène Marion Audrey Amandine Cassandra Mélanie"
    " Ophélie Salomé Gaëlle Aurélie Marie-Lou Lou-Anne Anne-Sophie Marie-Ange Rose-Marie Éléonore"
    " Clémence Valentine Constance Apolline Faustine Garance Adèle Rosalie Suzanne Joséphine Albane"
    " Candice Thaïs Flavie Mélina Prune Axelle Tiphaine"
)
_FRENCH_BOYS = _split(
    "Lucas Enzo Théo Hugo Nathan Mathis Louis Thomas Léo Tom Raphaël Gabriel Arthur Maxime Jules"
    " Clément Noah Ethan Paul Antoine Alexandre Axel Quentin Nolan Sacha Timéo Baptiste Romain Valentin"
    " Evan Kylian Matthieu Victor Mathéo Julien Nicolas Robin Adrien Simon Benjamin Dylan Samuel Gabin"
    " Alexis Martin Loïc Rémi Jérémy Florian Kévin Tristan Corentin Esteban Loan Lorenzo Aurélien"
    " Gaëtan Jérôme Cédric Éloi Célestin Jean-Baptiste Jean-Pierre Pierre-Louis Marc-Antoine Paul-Émile"
    " Augustin Marius Gaspard Côme Malo Titouan Bastien Rayan Fabien Damien Thibault Guillaume Étienne"
    " Grégoire Joseph Ulysse Félix Auguste Émile Anatole"
)
_ARAB_GIRLS = _split(
    "Inès Sarah Yasmine Lina Amina Fatima Aïcha Nour Salma Imane Myriam Leïla Khadija Sofia Meriem"
    " Hafsa Assia Kenza Rania Maryam Chaïma Nadia Samira Zineb Farah Soumaya Hanane Ikram Safia Nawel"
    " Sirine Dounia Asma Ghizlane Hajar Yousra Malak Wissal Loubna Fatima-Zahra Oumaïma Manel Narimane"
    " Lamia Siham Amel Rim Selma Hiba Ranim Djamila Houria Wafa Ibtissem Sabrina Nesrine Jihane Najat"
    " Karima Fadila Naïma Aya Rawane"
)
_ARAB_BOYS = _split(
    "Mohamed Rayan Adam Yanis Ilyes Amine Mehdi Bilal Youssef Ibrahim Ayoub Yassine Hamza Karim Nassim"
    " Sofiane Anis Walid Zakaria Ismaël Omar Ali Ahmed Samir Rachid Khaled Abdelkader Abdallah"
    " Abderrahmane Sami Naël Wassim Imran Ryad Farid Mounir Nabil Hicham Marouane Redouane Oussama"
    " Salah-Eddine Noureddine Djibril Houssem Kaïs Tarek Fares Haroun Younes Soufiane Brahim Mustapha"
    " Hakim Idriss Aymen Badr Elias Ilian Abdelaziz Abdelmalik Nour-Eddine Moussa Souleymane Anas"
    " Marwan Jibril Nadir Lotfi Fouad Jamel Aziz"
)

ORIGINS: tuple[Origin, ...] = (
    Origin(
        "french",
        0.56,
        _split(
            "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel"
            " Lefèvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine"
            " Rousseau Vincent Muller Lefebvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier"
            " François Legrand Gauthier Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu"
            " Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun"
            " Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinet Gérard Roche"
            " Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud"
            " Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq"
            " Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin"
            " Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier"
            " Marty Aubry Guyot Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly"
            " Hervé Schneider Le_Gall Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Le_Roux"
            " Cousin Germain Breton Besson Langlois Rémy Le_Goff Pelletier Lévêque Perrier Leblanc"
            " Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Rodier Guichard"
            " Gillet Étienne Grondin Poulain Tessier Chevallier Collin Chauvin Da_Costa Bouchet Gay"
            " Lemaître Bénard Maréchal Humbert Reynaud Antoine Hoarau Perret Barthélemy Cordier Pichon"
            " Lejeune Gilbert Lamy Delaunay Pasquier Carlier Laporte De_La_Fontaine D'Angelo"
            " Saint-Martin"
        ),
        _split(
            "Bar Ber Bois Bou Bri Cab Cail Cam Cas Cha Cler Cor Cour Cros Dal Del Des Don Du Es Fa Fer"
            " Fla Fou Gai Gar Gau Gi Gran Gué Ha Jar Jou La Lam Lau Len Lou Ma Mal Mar Mau Mé Mon Mor"
            " Nar Pa Pel Per Pey Pi Pon Pra Qui Ra Re Ri Ro Rou Sa Sar Sau Sé Sou Tail Tar Tes Tour Tri"
            " Va Val Ver Vi Vil"
        ),
        _split(
            "ba be ca ce da de do fi ga gue la le li lo ma mi na ni no pa ra ré ri ro sa se ta té ti to va vi"
        ),
        _split(
            "bert card chet court dier don dray geon ger gnan gnier land lard las let lier lin mont"
            " nard net nier quet quin rac rand rat raud rel reau rier rin ron sac sard seau set sin"
            " tard tel thier ton vaud vel vet vier voisin zac"
        ),
        42_000,
        _FRENCH_GIRLS,
        _FRENCH_BOYS,
        0.02,
        ("99131", "99140", "99109", "99132"),
    ),
    Origin(
        "maghreb",
        0.2,
        _split(
            "Benali Saïdi Amrani Haddad Mansouri Belkacem Bouzid Brahimi Hamdi Khelifi Slimani Cherif"
            " Ziani Toumi Mokrani Rahmani Bensaïd Belaïd Boudjema Larbi Ouali Mebarki Meziane Ferhat"
            " Kaci Guerfi Bakhti Abdelli Ben_Ali Ben_Salah Ben_Amor Ben_Youssef El_Amrani El_Idrissi"
            " El_Fassi El_Khatib El_Mansouri Aït_Ali Aït_Saïd Bouazza Bouchra Djebbar Hadj_Ali Hamidi"
            " Jaziri Kadri Khaldi Laïdi Maamar Nasri Ouazzani Rezgui Sahraoui Talbi Trabelsi Yahiaoui"
            " Zeroual Zerrouki Chaouch Dridi Gharbi Hammami Jlassi Mejri Mahfoud Messaoudi Naceri"
            " Othmani Rachedi Souissi Tahri Touati Zitouni Benmoussa Benhamou Bennani"
        ),
        _split(
            "Ben Bou Bel Cha Dja El Fer Gha Ha Ham Ka Kha La Ma Mah Me Mes Na Oua Ra Sa Sah Ta Tou Ya Za Zer"
        ),
        _split("ba bi da di fa fi gha ha hi ja ka kha la li ma mi na ni ra ri sa si ssa ta tta wa ya za "),
        _split(
            "ad ali am ane aoui ar arbi ari dane di dine ech fi had id ini ir li loul mane med mi noun"
            " ouche ri"
        ),
        9_000,
        _ARAB_GIRLS,
        _ARAB_BOYS,
        0.14,
        ("99352", "99351", "99350"),
    ),
    Origin(
        "italian",
        0.09,
        _split(
            "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti"
            " De_Luca Costa Giordano Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani"
            " Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo Serra"
            " Coppola De_Santis D'Angelo Marchetti Parisi Villa Conte Ferraro Ferri Fabbri Bianco"
            " Marini Grasso Valentini Messina Sala"
        ),
        _split(
            "Al Ba Bar Bel Bo Ca Can Car Ci Co Fa Fer Gal Gia Gu La Lo Ma Man Mar Mo Ni Pa Pe Pi Ra Ro"
            " Sa Se To"
        ),
        _split("bo ca co da do fa ga la le li lo ma mi na ne ni no ra re ri ro sa so ta ti va vo "),
        _split(
            "cci chi doni elli etti ghi gno ini lli lotti mani nardi nelli ni noni ri rini ro sio tti"
            " vani zzi"
        ),
        5_000,
        _FRENCH_GIRLS + _split("Giulia Chiara Alessia Francesca Martina Bianca Ornella Livia Carla Serena"),
        _FRENCH_BOYS + _split("Lorenzo Matteo Alessandro Andrea Livio Marco Giovanni Luca Fabio Angelo Dino"),
        0.03,
        ("99127",),
    ),
    Origin(
        "iberian",
        0.07,
        _split(
            "Garcia Martinez Lopez Sanchez Perez Gonzalez Rodriguez Fernandez Gomez Ruiz Da_Silva"
            " Dos_Santos Pereira Ferreira Rodrigues Fernandes Gonçalves Martins De_Sousa Carvalho"
            " Almeida Ribeiro Pinto Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro"
            " Cardoso Rocha Coelho Da_Cruz Navarro Jimenez Moreno Muñoz Alvarez Romero Torres Dominguez"
            " Ramos Gil Serrano Blanco Molina Ortega Delgado"
        ),
        _split(
            "Al Ar Bar Ca Car Co Cor Da Es Fe Fi Ga Gui La Lo Ma Mar Me Mo Na No Pa Pe Ra Re Ro Sa Se"
            " Ta To Va"
        ),
        _split("ba ca de do ga la le li lo ma me mi na ne ni ra re ri ro sa se ta te ti va "),
        _split(
            "beiro cos des do dos drade gado gues lho llo mos nda nez nho nos ra reira res ro sco tes"
            " teiro ves"
        ),
        4_000,
        _FRENCH_GIRLS + _split("Inès Carla Maria Ana Beatriz Mariana Lucia Elena Paula Catarina Joana"),
        _FRENCH_BOYS
        + _split("Diogo Tiago Miguel Rafael Pedro João Manuel Carlos Ruben Hugo Esteban Pablo Diego"),
        0.06,
        ("99139", "99134"),
    ),
    Origin(
        "comorian",
        0.035,
        _split(
            "Ali Saïd Mohamed Ahmed Abdou Ibrahim Mze Soilihi Youssouf Hassani Bacar Attoumani Combo"
            " Madi Boina Moussa Issouf Mmadi Chaher Daoud Houmadi Abdallah Mchangama M'Madi Saïd_Ali"
            " Ben_Abdou Ahamada Ismaïla"
        ),
        _split("A Ba Bo Cha Da Dja Ha Hou I Ka Ma Mou Na Nou Oi Sa Soi So Tou You Za"),
        _split("bou da di ha hi la li ma mi mou na ra ri sa si tou "),
        _split("cari dine doi hami la laï li madi mbo mou ndhu ni ouf ri ssani toumani zi"),
        1_500,
        _ARAB_GIRLS + _split("Echati Zaïnaba Nasrine Moinaecha Raïssa Hadidja Anziza Faouzia Zalihata"),
        _ARAB_BOYS
        + _split("Nassur Faïz Ibouroi Mkadara Salim Anli Fahad Nadjim Kamal Soilihi Djamal Attoumane"),
        0.2,
        ("99397",),
    ),
    Origin(
        "african",
        0.025,
        _split(
            "Diallo Traoré Diop Coulibaly Ndiaye Camara Keïta Koné Touré Cissé Sow Barry Bah Fall"
            " Gueye Sylla Sissoko Konaté Kouassi Kouamé N'Diaye Mendy Gomis Diarra Sané Mbaye Faye"
            " Dembélé Fofana Doumbia Bamba Tavares"
        ),
        _split("Ba Bou Cou Da Dia Dou Fo Ka Ke Ko Kou Ma Mba Mo N'Da N'Go Nga Sa Si Sou Ta Tou Wa Ya Za"),
        _split("ba bi da di ga ka ko la li ma mba na nda ra sa ssa ta ya "),
        _split("do dou go ka kou la li lo mba na nga né ré sso té yé"),
        1_500,
        _split(
            "Aminata Fatou Aïssatou Mariam Fatoumata Awa Kadiatou Oumou Rokia Bintou Grâce Divine"
            " Merveille Aïcha Ndeye Astou Khady Adja Coumba Sira Hawa Maïmouna Ramata Salimata Djénéba"
            " Emmanuelle Esther Ruth"
        ),
        _split(
            "Mamadou Ibrahima Moussa Ousmane Amadou Cheikh Abdoulaye Boubacar Souleymane Issa Lamine"
            " Modou Alassane Emmanuel Daniel Samuel Christ Exaucé Jonathan Junior Yacouba Bakary Seydou"
            " Demba Samba Malick Idrissa"
        ),
        0.25,
        ("99341", "99326", "99330", "99312", "99335", "99396"),
    ),
    Origin(
        "eastern",
        0.02,
        _split(
            "Yilmaz Kaya Demir Çelik Yildiz Öztürk Aydin Arslan Dogan Kiliç Petrosyan Sargsyan"
            " Hakobyan Grigoryan Popescu Ionescu Popa Kovac Nikolic Petrovic Ivanova Shevchenko Haxhi"
            " Hoxha Krasniqi Berisha Gashi"
        ),
        _split("A Ba Bo Da De Do Gri Ha Ka Ko Kra Ma Mi Ni Pe Po Sa Sha Ste Ta Tcho Va Ya Za"),
        _split("bo da de go ka ko la le li ma mi na ni ra ri ro sa so ta ti va vi "),
        _split("dze escu i ian jan kova kovic lar li nyan oglu ova ovic qi scu shi ski tan vic yan"),
        1_500,
        _split(
            "Elif Zeynep Selin Melek Ani Lilit Mariam Nane Elena Andreea Ioana Anastasia Daria Olena"
            " Arta Emine"
        ),
        _split(
            "Emre Mert Yusuf Eren Kerem Arman Tigran Narek David Andrei Stefan Alexandru Ivan Artem"
            " Arben Ardit"
        ),
        0.3,
        ("99208", "99252", "99114", "99155", "99125"),
    ),
)

RARE_GIVEN = {
    "F": (
        _split("A Aé Al Ci É Fa Ha Ja Ka Ke La Ly Ma Mé Na Né O Sha So Ta Ti Wen Ya Zé"),
        _split("dé ga la ï li ma na ni ra ri lé sa ty vé "),
        _split("a anne elle éa ia ie ina ine issa lia line lya na nie ria sha ya"),
    ),
    "M": (
        _split("A Ay Bre Da E É Fa Gha I Ja Jo Ka Ke Ky Li Lo Ma Na No Ra Ry Ta Ty Wil Ya Zé"),
        _split("dri ga lé li ma mi na ni ra ri sa ta va y "),
        _split("an ane el en éo ian iel io is li lian lan mi nn no on rick s son van yn"),
    ),
}
"""Syllables of rare first names, one person in nine."""

SPELLINGS: tuple[tuple[str, ...], ...] = tuple(
    _split(group)
    for group in (
        "Mohamed Mohammed Mohamad Mouhamed Muhammad",
        "Inès Ines Inesse Ynès",
        "Yanis Yannis Yaniss Ianis",
        "Rayan Rayane Ryan Rayyan",
        "Ilyes Ilyès Ilyas Elyes",
        "Youssef Yousef Youcef Yusuf",
        "Yassine Yacine Yassin Yasin",
        "Myriam Miriam Meryem Meriem Mériam Mariem",
        "Maryam Mariam Mariame",
        "Aïcha Aicha Ayesha Aïsha",
        "Fatima Fatma Fatema",
        "Leïla Leila Layla Leyla",
        "Yasmine Yasmina Jasmine Yasmin",
        "Sarah Sara",
        "Sofia Sophia Sofya",
        "Sofiane Soufiane Sofyan Sofian",
        "Zakaria Zakarya Zacharia Zakariya",
        "Ibrahim Ibrahima Brahim Ebrahim",
        "Souleymane Suleyman Soulaimane Slimane",
        "Abderrahmane Abderrahman Abdelrahman Abdurrahman",
        "Abdallah Abdullah Abdellah",
        "Ahmed Ahmad Achmed",
        "Ismaël Ismail Ismaïl Smaïl",
        "Chaïma Chaima Chaymae Shayma",
        "Nour Noor Nora",
        "Mehdi Mahdi Medhi",
        "Bilal Bilel Billel",
        "Ayoub Ayyoub Ayoube",
        "Oussama Ousama Osama",
        "Djibril Jibril Gibril",
        "Khadija Khadidja Hadidja",
        "Mathis Matis Matisse Mathys",
        "Théo Teo Théau",
        "Mathéo Matteo Matéo Mattéo",
        "Lucas Lukas Luca",
        "Hugo Ugo",
        "Nathan Natan Nathanaël",
        "Kylian Killian Kilian Kyllian",
        "Timéo Timothé Thiméo",
        "Kévin Kevin Kevyn",
        "Jérémy Jérémie Jeremi",
        "Rémi Rémy",
        "Matthieu Mathieu Mathieux",
        "Thibault Thibaut Thibaud Tibault",
        "Noah Noa",
        "Raphaël Rafaël Raphael Rafael",
        "Chloé Cloé Khloé",
        "Maëlys Maélis Maelys Maïlys",
        "Manon Mannon",
        "Élodie Élody Elodie",
        "Océane Oceanne Océanne",
        "Mélissa Mélyssa Melissa",
        "Margaux Margot Margo",
        "Léna Lena Lénna",
        "Lisa Liza Lysa",
        "Camille Camil Kamille",
        "Emma Ema",
        "Anaïs Anais Annaïs",
        "Coralie Coralye",
        "Mamadou Mamadu Mahamadou",
        "Aminata Aminatou Aminatta",
        "Saïd Said Saïed",
        "Saïdi Saidi Essaïdi",
        "Ben_Ali Benali",
        "Bensaïd Ben_Saïd",
        "Lefèvre Lefebvre Lefébure",
        "Gauthier Gautier Gaultier",
        "Schmitt Schmidt Schmit",
        "Bertrand Bertran",
        "Petit Petitt",
        "Diallo Diallow Dialo",
        "Ndiaye N'Diaye Niaye",
        "Traoré Traore Traorè",
        "Gonzalez Gonzales",
        "Rodriguez Rodrigues",
        "Fernandez Fernandes",
        "Martinez Martines",
        "Perez Peres",
        "Cherif Chérif Chrif",
        "Belkacem Belkassem Belgacem",
        "Khelifi Khlifi Kheliffi",
        "Ahmadi Ahamadi",
    )
)
"""Names that are written in several ways; a record may hold another one of the same group."""
