"""What the example services of the demonstration are called in the languages of its countries; drafts."""

SERVICES = {
    "Help in danger": {
        "fr": "Aide en cas de danger", "ar": "المساعدة عند الخطر", "pt": "Ajuda em caso de perigo",
        "ht": "Èd lè gen danje", "bn": "বিপদে সাহায্য", "mg": "Fanampiana rehefa misy loza",
        "ny": "Thandizo pa ngozi",
    },
    "Clinic with a desk for survivors": {
        "fr": "Clinique avec un accueil pour les personnes survivantes", "ar": "عيادة فيها استقبال للناجيات والناجين",
        "pt": "Clínica com atendimento para sobreviventes", "ht": "Klinik ki gen yon biwo pou moun ki sove",
        "bn": "বেঁচে ফেরা মানুষের জন্য ডেস্কসহ ক্লিনিক", "mg": "Toeram-pitsaboana mandray ny olona tafavoaka",
        "ny": "Chipatala cholandira anthu opulumuka",
    },
    "Rooms for women and their children": {
        "fr": "Chambres pour les femmes et leurs enfants", "ar": "غرف للنساء وأطفالهن",
        "pt": "Quartos para mulheres e os seus filhos", "ht": "Chanm pou fanm ak pitit yo",
        "bn": "নারী ও তাঁদের সন্তানদের জন্য ঘর", "mg": "Efitrano ho an'ny vehivavy sy ny zanany",
        "ny": "Zipinda za amayi ndi ana awo",
    },
    "Counselling": {
        "fr": "Écoute et soutien", "ar": "الإصغاء والدعم", "pt": "Escuta e apoio", "ht": "Koute ak sipò",
        "bn": "কথা শোনা ও মানসিক সহায়তা", "mg": "Fihainoana sy fanohanana", "ny": "Uphungu ndi chithandizo",
    },
    "Reports and investigation": {
        "fr": "Plaintes et enquêtes", "ar": "الشكاوى والتحقيق", "pt": "Queixas e investigação",
        "ht": "Plent ak ankèt", "bn": "অভিযোগ ও তদন্ত", "mg": "Fitarainana sy fanadihadiana",
        "ny": "Madandaulo ndi kufufuza",
    },
}  # fmt: skip


def of_service(name: str, languages: list[str]) -> dict[str, dict[str, str]]:
    """Return the name of a service by language and path, for those languages of a country that have a draft."""
    drafts = SERVICES.get(name, {})
    return {language: {"name": drafts[language]} for language in languages if language in drafts}
