"""
What NeuVector's own exporter (nv_exporter.py of neuvector/prometheus-exporter) says of a controller, written anew from
what is known of it: the same requests in the same order, one after the other, the same families, labels and values, its
known defects included.

    official.py HOST:PORT USER PASSWORD [--enforcers] [--runs N]

Prints the exposition text of the last run. The times of all of them, in milliseconds, go to stderr as JSON.
"""

import argparse
import json
import sys
import time

import requests
import urllib3
from prometheus_client import CollectorRegistry, Metric, generate_latest

urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

SUMMARY = [
    ("services", "services"),
    ("policy", "policy_rules"),
    ("runningWorkloads", "running_workloads"),
    ("totalWorkloads", "workloads"),
    ("hosts", "hosts"),
    ("controllers", "controllers"),
    ("enforcers", "enforcers"),
    ("pods", "running_pods"),
    ("disconnectedEnforcers", "disconnected_enforcers"),
]


class Collector:
    def __init__(self, address, user, password, enforcers):
        self.url = "https://" + address
        self.target = address.split(":")[0]
        self.login = {"password": {"username": user, "password": password}}
        self.enforcers = enforcers
        self.session = requests.Session()
        self.sign_in()

    def sign_in(self):
        answer = requests.post(self.url + "/v1/auth", json=self.login, verify=False)
        self.session.headers["Content-Type"] = "application/json"
        self.session.headers["X-Auth-Token"] = answer.json()["token"]["token"]

    def sign_out(self):
        self.session.delete(self.url + "/v1/auth", verify=False)

    def get(self, path):
        """None where there is no answer, or one of 400 and more: then the family is left out."""
        for _ in range(2):
            answer = self.session.get(self.url + path, verify=False)
            if answer.status_code not in (401, 408):
                return json.loads(answer.text) if answer else None
            self.sign_in()
        return None

    def metric(self, name, words, kind="gauge"):
        return Metric(name, words + " " + self.target, kind)

    def add(self, metric, sample, value, **labels):
        metric.add_sample(sample, value=value, labels={**labels, "target": self.target})

    def collect(self):
        readers = [self.summary, self.conversations]
        if self.enforcers:
            readers.append(lambda: self.usage("enforcer"))
        readers += [
            lambda: self.usage("controller"),
            self.hosts,
            self.admission,
            self.images,
            self.platforms,
            self.containers,
            self.log,
            self.federation,
        ]
        for read in readers:
            metric = read()
            if metric is not None:
                yield metric

    def summary(self):
        told = self.get("/v1/system/summary")
        if told is None:
            return None
        told = told["summary"]
        metric = self.metric("nv_summary", "A summary of", "summary")
        for name, field in SUMMARY:
            self.add(metric, "nv_summary_" + name, told[field])
        made = told["cvedb_create_time"]
        self.add(metric, "nv_summary_cvedbVersion", told["cvedb_version"] if made else 1.0)
        # A time of UTC, taken for one of here.
        at = time.mktime(time.strptime(made, "%Y-%m-%dT%H:%M:%SZ")) * 1000 if made else 0
        self.add(metric, "nv_summary_cvedbTime", at)
        return metric

    def conversations(self):
        told = self.get("/v1/conversation")
        if told is None:
            return None
        metric = self.metric("nv_conversation", "conversation of")
        for one in told["conversations"]:
            for port in one.get("ports", []):
                if one["bytes"] != 0:
                    ends = {"from": one["from"], "to": one["to"]}
                    self.add(metric, "nv_conversation_bytes", one["bytes"], port=port, **ends)
        return metric

    def usage(self, kind):
        told = self.get("/v1/" + kind)
        if told is None:
            return None
        metric = self.metric("nv_" + kind, kind + "s of")
        for one in told[kind + "s"]:
            stats = self.get("/v1/" + kind + "/" + one["id"] + "/stats")
            if stats is None:
                continue
            labels = {"id": one["id"], "host": one["host_name"], "display": one["display_name"]}
            for name in ("cpu", "memory"):
                self.add(metric, "nv_" + kind + "_" + name, stats["stats"]["span_1"][name], **labels)
        return metric

    def hosts(self):
        told = self.get("/v1/host")
        if told is None:
            return None
        metric = self.metric("nv_host", "host information of")
        for one in told["hosts"]:
            self.add(metric, "nv_host_memory", one["memory"], name=one["name"], id=one["id"])
        return metric

    def admission(self):
        told = self.get("/v1/debug/admission_stats")
        if told is None:
            return None
        metric = self.metric("nv_admission", "Debug admission stats of")
        for name in ("allowed", "denied"):
            self.add(metric, "nv_admission_" + name, told["stats"]["k8s_" + name + "_requests"])
        return metric

    def found(self, metric, kind, told, **labels):
        self.add(metric, "nv_" + kind + "_vulnerabilityHigh", told["high"], **labels)
        self.add(metric, "nv_" + kind + "_vulnerabilityMedium", told["medium"], **labels)

    def images(self):
        told = self.get("/v1/scan/registry")
        if told is None:
            return None
        metric = self.metric("nv_image_vulnerability", "image vulnerability of")
        for registry in told["summarys"]:
            images = self.get("/v1/scan/registry/" + registry["name"] + "/images")
            if images is None:
                continue
            for one in images["images"]:
                name = "%s:%s" % (one["repository"], one["tag"])
                self.found(metric, "image", one, name=name, imageid=one["image_id"])
        return metric

    def platforms(self):
        # With a stroke at its end, where the controller redirects.
        told = self.get("/v1/scan/platform/")
        if told is None:
            return None
        metric = self.metric("nv_platform_vulnerability", "platform vulnerability of")
        for one in told["platforms"]:
            if one["high"] != 0 or one["medium"] != 0:
                self.found(metric, "platform", one, name=one["platform"])
        return metric

    def containers(self):
        told = self.get("/v1/workload?brief=true")
        if told is None:
            return None
        metric = self.metric("nv_container_vulnerability", "container vulnerability of")
        # A list, as there: looking a service up in it is part of what a scrape costs.
        services = []
        for one in told["workloads"]:
            if one["service"] in services or one["service_mesh_sidecar"] is not False:
                continue
            found = one["scan_summary"]
            if found is not None and (found["high"] != 0 or found["medium"] != 0):
                self.found(metric, "container", found, service=one["service"])
                services.append(one["service"])
        return metric

    def log(self):
        metric = self.metric("nv_log", "log of")
        self.events(metric, "threat", self.threat)
        self.events(metric, "incident", self.incident)
        # Without the last of them there is none of the others either.
        return metric if self.events(metric, "violation", self.violation) else None

    def events(self, metric, kind, labels_of):
        told = self.get("/v1/log/" + kind)
        if told is None:
            return False
        for one in told[kind + "s"][:5]:
            labels = {"log": kind, "id": one["id"], **labels_of(one)}
            self.add(metric, "nv_log_events", one["reported_timestamp"] * 1000, **labels)
        return True

    @staticmethod
    def threat(one):
        return {
            "fromname": one["client_workload_name"],
            "fromns": one.get("client_workload_domain", ""),
            "toname": one["server_workload_name"],
            # The name, where a namespace is meant.
            "tons": one["server_workload_name"],
            "name": one["name"],
        }

    @staticmethod
    def incident(one):
        is_of_workload = "workload_name" in one
        return {
            "fromname": one["workload_name"] if is_of_workload else "",
            "fromns": one.get("workload_domain", "") if is_of_workload else "",
            "fromid": one["workload_id"] if is_of_workload else "",
            "cluster": one["cluster_name"] if is_of_workload else "",
            "toname": " ",
            "tons": " ",
            "name": one["name"],
            "procname": one.get("proc_name", ""),
            "procpath": one.get("proc_path", ""),
            "proccmd": one.get("proc_cmd", ""),
            "filepath": one.get("file_path", ""),
            # A list in NeuVector's answers, which cannot be printed.
            "filename": one.get("file_name", ""),
        }

    @staticmethod
    def violation(one):
        return {
            "fromname": one["client_name"],
            "fromns": one.get("client_domain", ""),
            "fromid": one["client_id"],
            "toname": one["server_name"],
            "tons": one.get("server_domain", ""),
            "name": "Network Violation",
        }

    def federation(self):
        told = self.get("/v1/fed/member")
        if told is None:
            return None
        metric = self.metric("nv_fed", "log of")
        # Neither of them has the label target.
        if told["fed_role"] == "master":
            for one in told["joint_clusters"]:
                labels = {
                    "master": told["master_cluster"]["name"],
                    "worker": one["name"],
                    "status": one["status"],
                }
                metric.add_sample("nv_fed_master", value=int(one["status"] == "synced"), labels=labels)
        else:
            labels = {
                "status": told["fed_role"],
                "master": told["master_cluster"]["name"] if "master_cluster" in told else "",
            }
            metric.add_sample("nv_fed_worker", value=int(told["fed_role"] == "joint"), labels=labels)
        return metric


class Once:
    """A registry calls collect() when something is registered, which would be one scrape more."""

    def __init__(self, collector):
        self.collector = collector

    def describe(self):
        return []

    def collect(self):
        return self.collector.collect()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("user")
    parser.add_argument("password")
    parser.add_argument("--enforcers", action="store_true")
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    collector = Collector(given.address, given.user, given.password, given.enforcers)
    registry = CollectorRegistry()
    registry.register(Once(collector))
    took = []
    for _ in range(given.runs):
        began, cpu = time.perf_counter(), time.process_time()
        text = generate_latest(registry)
        took.append({"ms": (time.perf_counter() - began) * 1000, "cpuMs": (time.process_time() - cpu) * 1000})
    collector.sign_out()
    sys.stdout.buffer.write(text)
    json.dump(took, sys.stderr)


main()
