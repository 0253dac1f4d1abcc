//! An instance with its site, as a browser meets it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use editions::Edition;
use instance::{Clock, Instance};
use publications::{NewPublication, Publication};
use testkit::House;
use tower::ServiceExt;
use web::{Guard, WebConfig};

pub const BASE: &str = "https://letters.example";
pub const SECOND: i64 = 1_000_000;

pub struct Place {
    pub instance: Instance,
    app: Router,
    _house: House,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Place {
    pub fn empty(house: House) -> Place {
        let instance = house.instance.clone();
        let routes =
            site::routes().merge(audience::routes()).with_state(instance.clone()).merge(web::routes());
        Place { instance, app: Guard::new(WebConfig::new(BASE)).around(routes), _house: house }
    }

    pub async fn with_gazette(house: House) -> Place {
        let place = Place::empty(house);
        place.letter("gazette", "La Gazette", "fr").await;
        place
    }

    pub async fn letter(&self, slug: &str, name: &str, language: &str) -> Publication {
        let new = NewPublication {
            slug: slug.to_owned(),
            name: name.to_owned(),
            from: format!("Ada <ada@{slug}.example>"),
            language: language.to_owned(),
            ..NewPublication::default()
        };
        publications::create(&self.instance, new).await.unwrap()
    }

    pub async fn gazette(&self) -> Publication {
        publications::find(&self.instance, "gazette").await.unwrap().unwrap()
    }

    pub async fn draft(&self, markdown: &str) -> Edition {
        editions::create(&self.instance, &self.gazette().await, markdown).await.unwrap()
    }

    pub async fn send(&self, edition: &Edition) -> Edition {
        editions::start_sending(&self.instance, edition.id, self.instance.now_us()).await.unwrap()
    }

    pub async fn sent(&self, markdown: &str) -> Edition {
        self.send(&self.draft(markdown).await).await
    }

    /// Somebody whose address is known here.
    pub async fn reader(&self, email: &str) -> i64 {
        let address = wire::Address::parse(email).unwrap();
        audience::ensure_reader(&self.instance, &address).await.unwrap()
    }

    pub fn clock(&self) -> &Clock {
        &self.instance.clock
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path).header("host", "letters.example");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str) -> Answer {
        self.post_form(path, "").await
    }

    pub async fn post_form(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header("host", "letters.example")
            .header("origin", BASE)
            .header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// A page without what differs from one instance to the next: the stamp of its form.
    pub fn masked(&self, body: &str) -> String {
        body.lines().filter(|line| !line.contains("name=\"stamp\"")).collect::<Vec<_>>().join("\n")
    }
}

/// Reads a document to its end; the names of its elements.
pub fn read_xml(text: &str) -> Vec<String> {
    use quick_xml::Reader;
    use quick_xml::events::Event;
    let mut reader = Reader::from_str(text);
    let mut names = vec![];
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => names.push(start.name().as_ref().to_owned()),
            Event::Eof => return names,
            _ => {}
        }
    }
}
