"""The built site: its pages, its addresses and its search. That links lead somewhere and that nothing comes from another
host, hack/site/build has looked at."""
import json
import re
from urllib.parse import urljoin

import queries
import tree
import yaml

SITE_URL = "https://coreflow.dev/docs/"


def test_every_page_of_docs_is_there(root, site, version):
    pages = [path[len("docs/"):] for path in tree.tracked(root, r"^docs/.*\.md$")]
    missing = [page for page in pages
               if not (site / version / re.sub(r"(?:README)?\.md$", "", page) / "index.html").is_file()]
    assert pages and missing == []


def title_at(site, address):
    """The heading of the page that is served at an address, which may send a browser on."""
    served = (site / address[len(SITE_URL):] / "index.html").read_text(encoding="utf-8")
    if onward := re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', served):
        return title_at(site, urljoin(address.rstrip("/") + "/", onward[1]))
    return re.search(r"<h1[^>]*>([^<]*)<", served)[1]


def test_runbooks_are_where_the_alerts_say(root, site):
    says = {rule["alert"]: rule["annotations"]["runbook_url"] for rule in queries.rules(root) if "alert" in rule}
    assert says and {alert: title_at(site, address) for alert, address in says.items()} == {alert: alert for alert in says}


def test_the_front_page_leads_to_this_version(site, version):
    assert title_at(site, SITE_URL) == "CoreFlow"
    assert [one["version"] for one in json.loads((site / "versions.json").read_text(encoding="utf-8"))] == [version]


def test_the_chart_and_the_site_agree_on_the_address(root):
    values = yaml.safe_load(tree.read(root, "charts/coreflow/values.yaml"))
    assert values["monitoring"]["prometheusRule"]["runbookURL"] == SITE_URL + "runbooks"
    assert re.findall(r"^site_url: (.*)$", tree.read(root, "hack/site/mkdocs.yml"), re.M) == [SITE_URL]


def test_the_search_has_all_pages(site, version):
    index = json.loads((site / version / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    pages = {str(page.parent.relative_to(site / version)) + "/" for page in (site / version).glob("**/index.html")}
    assert pages - {"./"} == {entry["location"] for entry in index if "#" not in entry["location"]} - {""}
    assert "ttlSecondsAfterFinished" in next(entry["text"] for entry in index if entry["location"] == "api/workflow/#spec")


def test_the_search_runs_from_the_site_itself(site, version):
    page = (site / version / "index.html").read_text(encoding="utf-8")
    config = json.loads(re.search(r'id="__config"[^>]*>([^<]*)<', page)[1])
    assert (site / version / config["search"]).is_file()
