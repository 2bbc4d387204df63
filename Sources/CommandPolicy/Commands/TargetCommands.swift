// SPDX-License-Identifier: Apache-2.0

/// The commands behind probes: made from operands, and judged like any text with the same effect.
extension Policy {
    /// Reads what the engine was told of one container within the last hour, one a line: its name and its second.
    package func containerEvents(_ name: ContainerName, as privilege: Privilege) throws(Refusal) -> JudgedCommand {
        try judge(
            words: [
                "docker", "events", "--since", "1h", "--until", "0s", "--filter", "container=\(name.text)", "--format",
                "{{.Action}} {{.Time}}",
            ], as: privilege)
    }

    /// Reads of what one container is made: four lines of JSON, of image, networks, mounts and why it did not start.
    ///
    /// No environment and no labels, which often hold passwords.
    package func describeContainer(_ name: ContainerName, as privilege: Privilege) throws(Refusal) -> JudgedCommand {
        let template =
            "{{json .Image}}{{println}}{{json .NetworkSettings.Networks}}{{println}}{{json .Mounts}}"
            + "{{println}}{{json .State.Error}}"
        return try judge(
            words: ["docker", "inspect", "--type", "container", "--format", template, name.text], as: privilege)
    }

    /// Reads the state of one container as one line of JSON.
    ///
    /// The template names exactly the fields a probe needs, so that environment variables (which often hold
    /// passwords) and health check output never leave the host. It is part of the argv that a `sudoers` file names:
    /// whoever changes it has every host that needs root for containers enrolled anew.
    package func inspectContainer(_ name: ContainerName, as privilege: Privilege) throws(Refusal) -> JudgedCommand {
        // `.ID` is the field's name; by the name it has in JSON (`.Id`) Docker 20.10 would read a map, in which health
        // is missing where there is no check.
        let template =
            #"{"id":{{json .ID}},"status":{{json .State.Status}},"startedAt":{{json .State.StartedAt}},"pid":{{json .State.Pid}},"#
            + #""exitCode":{{json .State.ExitCode}},"oomKilled":{{json .State.OOMKilled}},"#
            + #""health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}},"#
            + #""restartPolicy":{{json .HostConfig.RestartPolicy.Name}},"restartCount":{{json .RestartCount}}}"#
        return try judge(
            words: ["docker", "inspect", "--type", "container", "--format", template, name.text], as: privilege)
    }

    /// Reads whether a unit is enabled, as a `Key=value` line; needs no privilege.
    package func showUnitFile(_ name: UnitName) throws(Refusal) -> JudgedCommand {
        try judge(words: ["systemctl", "show", "--property=UnitFileState", name.text])
    }

    /// Reads a unit's files and drop-ins; needs no privilege.
    package func readUnitFiles(_ name: UnitName) throws(Refusal) -> JudgedCommand {
        try judge(words: ["systemctl", "cat", name.text])
    }

    /// Reads the state of one unit as `Key=value` lines; needs no privilege.
    package func showUnit(_ name: UnitName) throws(Refusal) -> JudgedCommand {
        try judge(words: [
            "systemctl", "show",
            "--property=LoadState,ActiveState,SubState,Result,Type,NRestarts,MainPID,InvocationID,ActiveEnterTimestampMonotonic",
            name.text,
        ])
    }
}

extension Privilege {
    var prefix: [String] { self == .root ? ["sudo", "-n"] : [] }
}
