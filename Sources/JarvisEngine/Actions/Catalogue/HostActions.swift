// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

extension ActionSpecification {
    private static let metricsAlone = "only the alert's own expression tells, so the verdict is `unknown` at best"

    /// Actions on a host as a whole: room on its disks, its logs, names, clock and certificates.
    ///
    /// None of them removes a container, a volume or an image with a name.
    static let hosts: [ActionSpecification] = [
        ActionSpecification(
            .journalVacuum, "Delete the oldest archived files of the journal.", on: .host,
            parameters: [
                ActionParameter(name: .size, form: .size(100...65_536)),
                ActionParameter(name: .age, form: .days(3...3650)),
            ], does: .prune, to: .host, when: .metricsBad,
            by: .command(["journalctl", .option("--vacuum-size", .size), .option("--vacuum-time", .age)]),
            undo: .impossible("deleted lines of the journal are gone"), effectiveness: .noProbe(metricsAlone),
            expectedSeconds: 10, deadlineSeconds: 120),
        ActionSpecification(
            .dockerPruneImages, "Delete images that have no name and no container.", on: .host,
            privilegeKind: .container, does: .prune, to: .host, when: .metricsBad,
            by: .command(["docker", "image", "prune", "-f"]),
            undo: .impossible("an image without a name can't be pulled again"), effectiveness: .noProbe(metricsAlone),
            expectedSeconds: 30, deadlineSeconds: 300),
        ActionSpecification(
            .dockerPruneBuildCache, "Delete what builds left behind and no build uses now.", on: .host,
            privilegeKind: .container, does: .prune, to: .host, when: .metricsBad,
            by: .command(["docker", "builder", "prune", "-f"]),
            undo: .nothingToRestore("the next build makes what it needs again"), effectiveness: .noProbe(metricsAlone),
            expectedSeconds: 30, deadlineSeconds: 300),
        ActionSpecification(
            .logsRotate, "Rotate the logs that are due, as logrotate's own configuration says.", on: .host,
            does: .rotate, to: .path, when: .metricsBad, by: .command(["logrotate", "/etc/logrotate.conf"]),
            undo: .impossible("a rotated log is not put together again"), effectiveness: .noProbe(metricsAlone),
            expectedSeconds: 20, deadlineSeconds: 300,
            interruption: .leaves("a log may be renamed and its program not told yet, until the next rotation")),
        ActionSpecification(
            .aptClean, "Delete the downloaded packages that apt keeps.", on: .host, does: .prune, to: .host,
            when: .metricsBad, by: .command(["apt-get", "clean"]),
            undo: .nothingToRestore("packages are fetched again when they are needed"),
            effectiveness: .noProbe(metricsAlone), expectedSeconds: 5, deadlineSeconds: 60),
        ActionSpecification(
            .dnsFlush, "Forget the answers that systemd-resolved keeps.", on: .host, does: .flush, to: .host,
            when: .metricsBad, by: .command(["resolvectl", "flush-caches"]),
            undo: .nothingToRestore("the cache fills again by itself"), effectiveness: .noProbe(metricsAlone),
            expectedSeconds: 2, deadlineSeconds: 30),
        ActionSpecification(
            .timeSync, "Set the clock at once to what chrony has measured.", on: .host, does: .change, to: .host,
            when: .metricsBad, by: .command(["chronyc", "makestep"]),
            undo: .nothingToRestore("the time before was wrong, and nobody wants it back"),
            effectiveness: .noProbe(metricsAlone), expectedSeconds: 2, deadlineSeconds: 30),
        ActionSpecification(
            .certificateRenew, "Have certbot renew one certificate that is due.", on: .host,
            parameters: [ActionParameter(name: .certificate, form: .name(253))], does: .renew, to: .certificate,
            when: .metricsBad,
            by: .command([
                "certbot", "renew", "-n", "--no-random-sleep-on-renew", "--cert-name", .value(.certificate),
            ]),
            undo: .impossible("the certificate before stays in certbot's archive; a person puts it back"),
            effectiveness: .noProbe(metricsAlone), expectedSeconds: 60, deadlineSeconds: 300,
            interruption: .leaves("the issuer may have counted the request; certbot tries again at its next run")),
        // It may be the way to the host, and nothing takes it back.
        ActionSpecification(
            .interfaceRestart, "Have systemd-networkd set up one network interface anew.", on: .host,
            parameters: [ActionParameter(name: .interface, form: .name(15))], class: .highRisk, does: .reload,
            to: .interface, when: .metricsBad, by: .command(["networkctl", "reconfigure", .value(.interface)]),
            undo: .nothingToRestore("the configuration is the same; addresses may have been given anew"),
            effectiveness: .noProbe(metricsAlone), expectedSeconds: 10, deadlineSeconds: 60),
        // A minute ahead: the answer comes back before the host goes down, and a person can still call it off.
        ActionSpecification(
            .hostReboot, "Restart the host in one minute.", on: .host, class: .highRisk, does: .reboot, to: .host,
            when: .metricsBad, by: .command(["shutdown", "-r", "+1"]),
            undo: .impossible("what ran on the host has ended; within the minute `shutdown -c` calls it off"),
            effectiveness: .noProbe(metricsAlone), expectedSeconds: 2, deadlineSeconds: 30),
    ]
}
