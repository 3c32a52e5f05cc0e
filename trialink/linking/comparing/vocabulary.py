"""Words that tell nothing of one trial: function words, kinds of firms, places, forms."""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    (
        *("a", "an", "the", "of", "in", "on", "at", "by", "for", "from", "to", "into", "with"),
        *("without", "within", "and", "or", "nor", "not", "but", "as", "than", "versus", "vs"),
        *("via", "per", "who", "whom", "whose", "which", "that", "this", "these", "those", "its"),
        *("their", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had"),
        *("after", "before", "during", "between", "among", "under", "over", "using", "how"),
    )
)
LEGAL_FORMS = frozenset(
    (
        *("co", "ltd", "limited", "inc", "llc", "corp", "corporation", "company", "gmbh", "kg"),
        *("ag", "sa", "s", "a", "as", "plc", "bv", "b", "nv", "n", "v", "spa", "p", "srl", "r"),
        *("l", "sas", "se", "ab", "aps", "oy", "kk", "k", "pty", "pte", "pvt", "lp", "d", "o"),
    )
)
# Words for a kind of firm or institution, and places, as they stand in names of sponsors.
KINDS = frozenset(
    (
        *("academic", "academy", "affiliated", "alliance", "army", "association", "assistance"),
        *("azienda", "chimeric", "lymphoma", "leukemia", "myeloma", "tumor", "lung"),
        *("bio", "biologics", "biological", "biomedical", "biopharma", "biopharmaceutical"),
        *("biopharmaceuticals", "bioscience", "biosciences", "biotech", "biotechnologies"),
        *("biotechnology", "biotherapeutics", "blood", "brain", "campus", "cancer", "care", "cell"),
        *("center", "centers", "central", "centre", "centro", "children", "childrens", "city"),
        *("civil", "clinic", "clinical", "clinics", "college", "community", "comprehensive"),
        *("consortium", "cooperative", "council", "de", "del", "della", "department", "des"),
        *("development", "di", "diabetes", "digital", "disease", "diseases", "division", "du"),
        *("engineering", "eye", "faculty", "federal", "fifth", "first", "fondazione", "force"),
        *("foundation", "fourth", "fundacion", "gene", "general", "genetics", "global", "group"),
        *("health", "healthcare", "heart", "hematology", "hospital", "hospitalier", "hospitals"),
        *("human", "immune", "immunology", "innovation", "innovative", "institut", "institute"),
        *("institutes", "institution", "instituto", "international", "investigacion", "irccs"),
        *("istituto", "joint", "laboratories", "laboratory", "labs", "la", "le", "life", "medical"),
        *("medicine", "medicines", "memorial", "military", "ministry", "national", "network"),
        *("new", "no", "of", "oncology", "organisation", "organization", "orthopaedic", "park"),
        *("partners", "pediatric", "people", "peoples", "pharma", "pharmaceutical"),
        *("pharmaceuticals", "policlinico", "precision", "program", "province", "provincial"),
        *("public", "publique", "regional", "research", "royal", "saint", "san", "school"),
        *("science", "sciences", "scientific", "second", "service", "services", "sixth", "society"),
        *("spinal", "spine", "st", "state", "stem", "subsidiary", "surgery", "system"),
        *("technologies", "technology", "therapeutics", "therapies", "therapy", "third"),
        *("treatment", "trials", "trust", "union", "universidad", "universitaire"),
        *("universitari", "universitario", "universitat", "universite", "university", "veterans"),
        *("women", "womens"),
    )
)
PLACES = frozenset(
    (
        *("america", "american", "amsterdam", "anhui", "asia", "australia", "beijing", "berlin"),
        *("birmingham", "boston", "bristol", "british", "california", "cambridge", "canada"),
        *("carolina", "chengdu", "chicago", "china", "chinese", "chongqing", "copenhagen"),
        *("denmark", "east", "eastern", "europe", "european", "florida", "france", "fujian"),
        *("german", "germany", "guangdong", "guangzhou", "hangzhou", "hebei", "henan", "hong"),
        *("hubei", "hunan", "india", "israel", "italy", "japan", "jiangsu", "kansas", "kong"),
        *("korea", "london", "madrid", "massachusetts", "michigan", "minnesota", "nanjing"),
        *("netherlands", "ningbo", "north", "northern", "ohio", "oxford", "paris", "peking"),
        *("pennsylvania", "philadelphia", "qingdao", "rome", "scotland", "seattle", "seoul"),
        *("shandong", "shanghai", "shanxi", "shenzhen", "sichuan", "singapore", "south"),
        *("southern", "spain", "suzhou", "sweden", "switzerland", "taiwan", "texas", "tianjin"),
        *("tokyo", "toronto", "uk", "us", "usa", "utah", "washington", "west", "western", "wuhan"),
        *("xiamen", "xuzhou", "york", "zhejiang", "zhengzhou", "zurich"),
    )
)
NO_PRODUCT = frozenset(  # what is no sign of one trial, though many compare with it or ask for it
    (
        *("placebo", "placebos", "matchingplacebo", "control", "controlgroup", "sham", "none"),
        *("observation", "questionnaire", "questionnaires", "survey", "interview", "surgery"),
        *("standardofcare", "standardcare", "usualcare", "nointervention", "treatment", "device"),
        *("drug", "exercise", "education", "combination", "therapy", "chemotherapy", "injection"),
        *("intervention", "interventions", "patients"),
    )
)
# Words that many conditions and products share.
VAGUE = FUNCTION_WORDS.union(
    ("disease", "diseases", "disorder", "cancer", "tumor", "tumour", "relapsed", "refractory"),
    ("advanced", "severe", "positive", "negative", "cell", "cells", "therapy", "treatment", "drug"),
    ("t", "car", "cart", "study", "trial", "clinical", "phase", "safety", "efficacy", "patients"),
    ("new", "chimeric", "antigen", "receptor", "autologous", "allogeneic", "infusion", "injection"),
)
