//! What a masked copy says of itself, in Swedish and English.

use jiff::civil::Date;

/// What the text names.
pub(crate) struct Facts<'a> {
    pub(crate) season: &'a str,
    pub(crate) day: Date,
    pub(crate) seed: &'a str,
    /// The place of the newest event of the record, if there is one.
    pub(crate) head: Option<String>,
    pub(crate) key_is_kept: bool,
}

/// Returns the text of a copy's README.txt.
pub(crate) fn readme(facts: &Facts<'_>) -> String {
    let Facts { season, day, seed, head, key_is_kept } = facts;
    let (kept_sv, kept_en) = if *key_is_kept {
        (
            "Kommunen har kvar nyckeln, så att en senare kopia kan få samma pseudonymer.",
            "The city keeps the key, so that a later copy can have the same pseudonyms.",
        )
    } else {
        (
            "Nyckeln drogs slumpmässigt för den här kopian och har inte sparats: inte heller kommunen kan räkna tillbaka.",
            "The key was drawn at random for this copy and was not kept: the city cannot reckon back either.",
        )
    };
    let (record_sv, record_en, files_sv, files_en, sealed_sv, sealed_en) = match head {
        Some(head) => (
            "  4. Varje omgång i rounds.csv går att räkna fram ur record.csv, och offers.csv är det som återstår när man följer record.csv från början\n     \
             till slut.\n",
            "  4. Every round in rounds.csv can be counted from record.csv, and offers.csv is what remains when record.csv is followed from beginning to\n     \
             end.\n",
            "  rounds.csv        omgångarna och vad som blev av erbjudandena\n  record.csv        vad som hände dag för dag; det som har ångrats är inte med\n",
            "  rounds.csv        the rounds, and what became of their offers\n  record.csv        what happened day by day, without what was undone\n",
            format!(
                "Kopian bygger på säsongens logg till och med händelse\n  {head}\nOm loggen ändras i efterhand stämmer inte längre den kontrollsumman.\n\n"
            ),
            format!(
                "The copy is of the season's record up to event\n  {head}\nIf the record were changed afterwards, that hash would no longer hold.\n\n"
            ),
        ),
        None => ("", "", "", "", String::new(), String::new()),
    };
    format!(
        "\u{feff}{season}
Maskad kopia, {day}. In English below.

INNEHÅLL
  offers.csv        de som har en plats, per jobb
  waiting-list.csv  de som väntar på en plats, utan inbördes ordning
  jobs.csv          jobben med antal platser, lämnade och lediga
{files_sv}  tables.csv        antal per grupp och kön

VAD SOM ÄR MASKAT, OCH VARFÖR
Kopian är gjord för att kunna lämnas ut när någon begär att få ta del av allmänna handlingar (2 kap. tryckfrihetsförordningen). Myndigheten prövar
själv vad som kan lämnas ut enligt offentlighets- och sekretesslagen (2009:400), bland annat 21 kap. 3, 3 a och 7 §§; maskningen är ett förslag.

  - Namn, personnummer och födelsedagar finns inte med. Ansökans id är ersatt av en ny pseudonym.
    {kept_sv}
  - Lottnummer och plats i turordningen finns inte med: de räknas fram ur id:t och det offentliga lottningsfröet ”{seed}”, så den som har en lista
    över id:n skulle kunna para ihop dem.
  - Födelseår och hemstadsdel visas bara så långt som minst fem rader i listan är lika, i listan över platser minst fem hos samma jobb; annars står
    där ***. Några rader till är maskade för att de andra inte ska stå ensamma.
  - Grupp och kön finns bara som antal i tables.csv. Antal under fem visas som ***, och så många andra att de inte går
    att räkna fram; summan för alla visas.
  - Skrivna skäl, namnen på dem som har fört in uppgifter, klockslag, önskemål och beslut om enskilda jobb finns inte med.
  - Personer med skyddade personuppgifter har en pseudonym som alla andra, och inget mer visas om dem. Det går inte att se vilka rader som är deras.

VAD SOM ÄNDÅ GÅR ATT KONTROLLERA
  1. För varje jobb i jobs.csv är places = given + free, och offers.csv har lika många rader som given.
  2. Ingen pseudonym har två platser, och ingen står både i offers.csv och i waiting-list.csv.
  3. Summorna i tables.csv är de samma för grupp och kön.
{record_sv}Att turordningen och lottningen är riktiga går inte att se i en maskad kopia. Det kontrolleras med den publicerade listan, fröet och programmet
feriematch, eller av den som får se alla uppgifter.

{sealed_sv}----------------------------------------------------------------

{season}
Masked copy, {day}.

CONTENT
  offers.csv        those who have a place, by job
  waiting-list.csv  those who wait for one, in no order
  jobs.csv          the jobs with their places, given and free
{files_en}  tables.csv        numbers by class and recorded sex

WHAT IS MASKED, AND WHY
The copy is made to be handed out to whoever asks to see public records (Freedom of the Press Act, chapter 2). The authority decides itself what may
be handed out under the Public Access to Information and Secrecy Act (2009:400), among others chapter 21, sections 3, 3 a and 7; the masking is a proposal.

  - Names, personal numbers and birthdays are left out. The id of an application is replaced by a fresh pseudonym.
    {kept_en}
  - Lottery numbers and places in the order are left out: they follow from the id and the public seed \"{seed}\", so that whoever has a list of ids
    could match them.
  - Birth year and home district are shown only as far as at least five rows of the list are alike, in the list of places at least five of the same
    job; otherwise there is ***. Some more rows are masked so that others do not stand alone.
  - Class and recorded sex are there only as numbers in tables.csv. Numbers below five are ***, and so many others that they cannot be
    computed; the sum of all is shown.
  - Written reasons, the names of those who recorded something, the time of day, wishes and decisions on single jobs are left out.
  - People with a protected identity have a pseudonym as everybody has, and nothing more is shown of them. It cannot be seen which rows are theirs.

WHAT CAN STILL BE CHECKED
  1. For every job in jobs.csv, places = given + free, and offers.csv has as many rows as given.
  2. No pseudonym has two places, and none is both in offers.csv and in waiting-list.csv.
  3. The sums in tables.csv are the same for class and sex.
{record_en}That the order and the lottery are right cannot be seen in a masked copy. That is checked with the published list, the seed and the program feriematch, or by
whoever may see everything.

{sealed_en}"
    )
}
