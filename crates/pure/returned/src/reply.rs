//! A letter of a reader: their own words apart from what they quote and from their signature.

use crate::Reply;
use crate::mime::Part;
use crate::subjects::plain;

/// Of a letter no more is kept.
const LONGEST: usize = 200_000;
/// A signature is not longer.
const SIGNATURE: usize = 12;

/// Takes a letter apart.
pub fn read(mail: &Part<'_>) -> Reply {
    let mut text = mail.readable();
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        text.truncate(end);
    }
    let attachments = mail.leaves().iter().filter(|part| part.hangs_on()).count();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let (own, quoted) = split_quotes(&lines);
    let (own, signature) = split_signature(&own);
    Reply { text: joined(&own), quoted: joined(&quoted), signature: joined(&signature), attachments }
}

fn joined(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        // More than one empty line says no more than one.
        if line.is_empty() && (text.is_empty() || text.ends_with("\n\n")) {
            continue;
        }
        text.push_str(line);
        text.push('\n');
    }
    text.trim_end().to_owned()
}

/// Own lines and quoted ones. Answers between the quotes stay the writer's own.
fn split_quotes<'t>(lines: &[&'t str]) -> (Vec<&'t str>, Vec<&'t str>) {
    let (mut own, mut quoted) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if line.trim_start().starts_with('>') {
            quoted.push(line);
            at += 1;
            continue;
        }
        if begins_forwarded(lines, at) {
            quoted.extend(&lines[at..]);
            break;
        }
        if let Some(length) = introduces(lines, at) {
            let next =
                lines[at + length..].iter().position(|line| !line.is_empty()).map(|gap| at + length + gap);
            quoted.extend(&lines[at..at + length]);
            at += length;
            // What stands below is quoted, with marks or without.
            if next.is_none_or(|next| !lines[next].trim_start().starts_with('>')) {
                quoted.extend(&lines[at..]);
                break;
            }
            continue;
        }
        own.push(line);
        at += 1;
    }
    (own, quoted)
}

/// `On Monday, Ada wrote:` and its like, over up to three lines; gives how many.
fn introduces(lines: &[&str], at: usize) -> Option<usize> {
    const STARTS: &[&str] = &[
        "on ",
        "le ",
        "am ",
        "il ",
        "el ",
        "em ",
        "op ",
        "w dniu ",
        "dnia ",
        "den ",
        "dne ",
        "em ",
        "no dia ",
        "il giorno ",
        "ke ",
        "пн",
        "вт",
        "ср",
        "чт",
        "пт",
        "сб",
        "вс",
        "от ",
        "a(z) ",
        "på ",
        "vào ",
        "στις ",
        "pe ",
        "20",
        "19",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "за ",
        "em seg",
        "em ter",
        "em qua",
        "em qui",
        "em sex",
        "lun",
        "mar",
        "mer",
        "jeu",
        "ven",
        "sam",
        "dim",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "\"",
        "<",
    ];
    const ENDS: &[&str] = &[
        "wrote:",
        "writes:",
        "a écrit :",
        "a écrit:",
        "a écrit\u{a0}:",
        "schrieb:",
        "escribió:",
        "ha scritto:",
        "scrive:",
        "escreveu:",
        "schreef:",
        "het volgende geschreven:",
        "napisał:",
        "napisał(a):",
        "napisała:",
        "pisze:",
        "napsal:",
        "napsal(a):",
        "skrev:",
        "kirjoitti:",
        "írta:",
        "a scris:",
        "yazdı:",
        "пишет:",
        "написал:",
        "написал(а):",
        "писал(а):",
        "έγραψε:",
        "đã viết:",
        "<>:",
        "のメール:",
        "写道:",
        "写道：",
        "寫道:",
        "寫道：",
        "님이 작성:",
        "가 작성:",
    ];
    let first = plain(lines.get(at)?);
    if first.len() < 6 {
        return None;
    }
    let starts =
        STARTS.iter().any(|start| first.starts_with(start)) || first.contains('@') || first.contains("<");
    if !starts {
        // Names without a date: "Ada Lovelace <ada@b.example> schrieb".
        return None;
    }
    let mut joined = String::new();
    for length in 1..=3 {
        let line = lines.get(at + length - 1)?;
        if line.is_empty() || line.trim_start().starts_with('>') {
            return None;
        }
        joined.push_str(line);
        joined.push(' ');
        let sentence = plain(&joined);
        let sentence = sentence.trim_end();
        let dated = sentence.chars().any(|letter| letter.is_ascii_digit()) || sentence.contains('@');
        let middle = ["schrieb ", "wrote ", "a écrit ", "schreef ", "skrev ", "escreveu "];
        let verb = ENDS.iter().any(|end| sentence.ends_with(end))
            || (sentence.ends_with(':') && middle.iter().any(|verb| sentence.contains(verb)));
        let japanese = sentence.ends_with(':') && sentence.contains('<') && sentence.contains('@') && dated;
        if (verb || japanese) && dated && sentence.len() < 300 {
            return Some(length);
        }
    }
    None
}

/// Outlook's line, or its block of fields, or the line that web mailers draw above it.
fn begins_forwarded(lines: &[&str], at: usize) -> bool {
    const LINES: &[&str] = &[
        "original message",
        "message d'origine",
        "message original",
        "message transféré",
        "ursprüngliche nachricht",
        "original-nachricht",
        "originalnachricht",
        "weitergeleitete nachricht",
        "mensaje original",
        "mensaje reenviado",
        "messaggio originale",
        "messaggio inoltrato",
        "mensagem original",
        "mensagem encaminhada",
        "oorspronkelijk bericht",
        "doorgestuurd bericht",
        "forwarded message",
        "begin forwarded message",
        "ursprungligt meddelande",
        "oprindelig meddelelse",
        "alkuperäinen viesti",
        "wiadomość oryginalna",
        "oryginalna wiadomość",
        "původní zpráva",
        "исходное сообщение",
        "пересылаемое сообщение",
        "元のメッセージ",
        "original appointment",
        "原始邮件",
        "原始郵件",
    ];
    let line = plain(lines[at]);
    let words = line.trim_matches(|letter: char| !letter.is_alphanumeric());
    let drawn =
        line.starts_with("--") || line.starts_with("__") || line.starts_with("==") || line.ends_with("--");
    if drawn && LINES.contains(&words) || LINES.contains(&words) && line.ends_with(':') {
        return true;
    }
    let ruled =
        line.len() > 20 && line.trim_matches(['_', '-', ' ']).is_empty() && line.starts_with(['_', '-']);
    let from = if ruled { at + 1 } else { at };
    is_field_block(&lines[from.min(lines.len())..])
}

/// `From:`, `Sent:`, `To:`, `Subject:` within a few lines of each other.
fn is_field_block(lines: &[&str]) -> bool {
    const FROM: &[&str] = &[
        "from",
        "de",
        "von",
        "da",
        "van",
        "od",
        "от",
        "от кого",
        "fra",
        "från",
        "lähettäjä",
        "差出人",
        "发件人",
        "寄件者",
        "보낸 사람",
    ];
    const OTHERS: &[&str] = &[
        "sent",
        "date",
        "to",
        "subject",
        "envoyé",
        "envoyé le",
        "à",
        "objet",
        "gesendet",
        "datum",
        "an",
        "betreff",
        "enviado",
        "enviado el",
        "fecha",
        "para",
        "asunto",
        "inviato",
        "data",
        "a",
        "oggetto",
        "assunto",
        "verzonden",
        "aan",
        "onderwerp",
        "wysłano",
        "do",
        "temat",
        "отправлено",
        "дата",
        "кому",
        "тема",
        "sendt",
        "til",
        "emne",
        "skickat",
        "till",
        "ämne",
        "送信日時",
        "日時",
        "宛先",
        "件名",
        "发送时间",
        "收件人",
        "主题",
        "寄件日期",
        "收件者",
        "主旨",
        "보낸 날짜",
        "받는 사람",
        "제목",
    ];
    let label = |line: &str| {
        let line = line.trim().trim_start_matches('*');
        line.split_once([':', '：'])
            .map(|(label, _)| plain(label).trim().trim_end_matches('*').trim().to_owned())
    };
    let mut texts = lines.iter().filter(|line| !line.is_empty());
    let first = texts.next().and_then(|line| label(line));
    if !first.is_some_and(|label| FROM.contains(&label.as_str())) {
        return false;
    }
    texts.take(5).filter(|line| label(line).is_some_and(|label| OTHERS.contains(&label.as_str()))).count()
        >= 2
}

/// The signature: after `-- ` (RFC 3676 4.3), or from the line that a telephone adds.
fn split_signature<'t>(own: &[&'t str]) -> (Vec<&'t str>, Vec<&'t str>) {
    let marked = own.iter().rposition(|line| matches!(*line, "--" | "—" | "__"));
    let added = own
        .iter()
        .rposition(|line| is_device(line))
        .filter(|at| own[*at..].iter().filter(|line| !line.is_empty()).count() <= 3);
    let at = match (marked, added) {
        (Some(marked), Some(added)) => marked.min(added),
        (Some(at), None) | (None, Some(at)) => at,
        (None, None) => return (own.to_vec(), Vec::new()),
    };
    if marked == Some(at) && own[at..].iter().filter(|line| !line.is_empty()).count() > SIGNATURE {
        return (own.to_vec(), Vec::new());
    }
    let from = if marked == Some(at) { at + 1 } else { at };
    (own[..at].to_vec(), own[from..].to_vec())
}

fn is_device(line: &str) -> bool {
    const STARTS: &[&str] = &[
        "sent from my ",
        "sent from mail for",
        "sent from outlook",
        "sent from yahoo",
        "sent from proton",
        "sent with proton",
        "sent from samsung",
        "sent from a ",
        "sent via ",
        "sent using ",
        "get outlook for",
        "get bluemail for",
        "sent with ",
        "envoyé de mon ",
        "envoyé depuis ",
        "envoyé à partir de ",
        "envoyé par ",
        "envoyé avec ",
        "télécharger outlook pour",
        "obtenez outlook pour",
        "obtenir outlook pour",
        "von meinem ",
        "gesendet von ",
        "gesendet mit ",
        "diese nachricht wurde von meinem ",
        "holen sie sich outlook",
        "enviado desde ",
        "enviado do meu ",
        "enviado de mi ",
        "enviado via ",
        "enviado del ",
        "obtener outlook para",
        "inviato da",
        "inviato dal ",
        "verzonden vanaf ",
        "verstuurd vanaf ",
        "wysłane z ",
        "wysłano z ",
        "отправлено с ",
        "отправлено из ",
        "skickat från ",
        "sendt fra ",
        "lähetetty ",
        "iphoneから送信",
        "ipadから送信",
        "发自我的",
        "从我的",
        "從我的",
        "나의 iphone에서",
    ];
    let line = plain(line);
    let line = line.trim();
    line.len() < 120 && STARTS.iter().any(|start| line.starts_with(start))
}
