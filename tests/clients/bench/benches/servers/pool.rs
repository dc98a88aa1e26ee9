//! A usual client: reqwest, with one pool of connections for all that ask.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::try_join_all;
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};

use crate::client::{self, Run};

/// So many requests, by so many tasks at once.
pub(crate) fn run(address: SocketAddr, body: &Bytes, tasks: usize, requests: usize) -> Run {
    let client = Client::builder().no_proxy().build().expect("a client");
    let url = format!("http://{address}/v1/chat/completions");
    let asker = Asker {
        client,
        url,
        body: body.clone(),
    };
    let run = client::runtime().block_on(async {
        // Connects first: what a connection takes is not what a request takes.
        try_join_all((0..tasks).map(|_| asker.ask())).await?;
        let mut each = Vec::with_capacity(requests);
        let start = Instant::now();
        let tasks: Vec<_> = (0..tasks)
            .map(|_| tokio::spawn(asker.clone().ask_often(requests / tasks)))
            .collect();
        for task in tasks {
            each.extend(task.await.expect("no panic")?);
        }
        Ok::<_, reqwest::Error>(Run::new(start.elapsed(), each))
    });
    run.expect("all are answered")
}

#[derive(Clone)]
struct Asker {
    client: Client,
    url: String,
    body: Bytes,
}

impl Asker {
    async fn ask_often(self, requests: usize) -> reqwest::Result<Vec<Duration>> {
        let mut each = Vec::with_capacity(requests);
        for _ in 0..requests {
            let start = Instant::now();
            self.ask().await?;
            each.push(start.elapsed());
        }
        Ok(each)
    }

    async fn ask(&self) -> reqwest::Result<()> {
        let request = self.client.post(&self.url);
        let request = request.header(AUTHORIZATION, "Bearer sk-key");
        let request = request.header(CONTENT_TYPE, "application/json");
        let answer = request.body(self.body.clone()).send().await?;
        let answer = answer.error_for_status()?.bytes().await?;
        assert!(!answer.is_empty(), "it has a body");
        Ok(())
    }
}
