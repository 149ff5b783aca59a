"""Probes URLs one after the other in a background thread and serves whether each is up and how long it took.

service.py URLS_FILE PORT INTERVAL_SECONDS
"""

import sys
import threading
import time

import requests
from prometheus_client import Gauge, start_http_server

UP = Gauge("sample_external_url_up", "Whether the URL answers with 200.", ["url"])
RESPONSE_MS = Gauge("sample_external_url_response_ms", "Response time in milliseconds.", ["url"])


def check(url: str) -> None:
    try:
        response = requests.get(url, timeout=5)
        UP.labels(url).set(1 if response.status_code == 200 else 0)
        RESPONSE_MS.labels(url).set(response.elapsed.total_seconds() * 1000)
    except requests.RequestException:
        UP.labels(url).set(0)


def check_all(urls: list[str], interval: float) -> None:
    while True:
        began = time.monotonic()
        for url in urls:
            check(url)
        time.sleep(max(0.0, interval - (time.monotonic() - began)))


def main() -> None:
    urls_file, port, interval = sys.argv[1:]
    with open(urls_file, encoding="utf-8") as file:
        urls = file.read().split()
    start_http_server(int(port), addr="127.0.0.1")
    threading.Thread(target=check_all, args=(urls, float(interval)), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
