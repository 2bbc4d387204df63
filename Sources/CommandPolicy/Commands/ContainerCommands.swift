// SPDX-License-Identifier: Apache-2.0

extension JudgedCommand {
    /// `docker start NAME`.
    package static func startContainer(_ name: ContainerName, privilege: Privilege = .login) -> JudgedCommand {
        JudgedCommand(
            argv: ["docker", "start", name.text], privilege: privilege, commandClass: .bounded,
            effect: .startContainer(name))
    }

    /// `docker restart NAME`.
    package static func restartContainer(_ name: ContainerName, privilege: Privilege = .login) -> JudgedCommand {
        JudgedCommand(
            argv: ["docker", "restart", name.text], privilege: privilege, commandClass: .bounded,
            effect: .restartContainer(name))
    }

    /// Reads the state of one container as one line of JSON.
    ///
    /// The template names exactly the fields a probe needs, so that environment variables (which often hold
    /// passwords) and health check output never leave the host.
    package static func inspectContainer(_ name: ContainerName, privilege: Privilege = .login) -> JudgedCommand {
        let template =
            #"{"status":{{json .State.Status}},"startedAt":{{json .State.StartedAt}},"pid":{{json .State.Pid}},"#
            + #""exitCode":{{json .State.ExitCode}},"oomKilled":{{json .State.OOMKilled}},"#
            + #""health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}},"#
            + #""restartPolicy":{{json .HostConfig.RestartPolicy.Name}},"restartCount":{{json .RestartCount}}}"#
        return JudgedCommand(
            argv: ["docker", "inspect", "--type", "container", "--format", template, name.text], privilege: privilege,
            commandClass: .observe, effect: .observeContainer(name))
    }
}
