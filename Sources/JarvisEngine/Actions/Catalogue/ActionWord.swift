// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
package import JarvisCore

/// One word of an action's command, or what stands in its place until there is a target.
package enum ActionWord: Sendable, Equatable, ExpressibleByStringLiteral {
    /// This word.
    case text(String)
    /// The target's name, once its kind's grammar has accepted it.
    case target
    /// The declared compose file, project, or service.
    case composeFile, composeProject, composeService
    /// The name of the container that shows how the target is.
    case container
    /// The value of a parameter that must be given.
    case value(Action.Parameter)
    /// An option and its value as two words, where the action was given that parameter.
    case option(String, Action.Parameter)

    /// This word.
    package init(stringLiteral value: String) { self = .text(value) }

    /// For people: literals as they are, places in capitals.
    package var placeholder: String {
        switch self {
        case .text(let word): word
        case .target: "NAME"
        case .composeFile: "FILE"
        case .composeProject: "PROJECT"
        case .composeService: "SERVICE"
        case .container: "CONTAINER"
        case .value(let parameter): parameter.rawValue.uppercased()
        case .option(let option, let parameter): "[\(option) \(parameter.rawValue.uppercased())]"
        }
    }

    /// The words in its place; throws where the target's name is not one that its kind accepts.
    func words(for action: Action, _ declaration: DeclaredTarget) throws -> [String] {
        switch self {
        case .text(let word): return [word]
        case .target: return [try Self.name(of: action.target)]
        case .composeFile: return [try Self.compose(declaration).file]
        case .composeProject: return [try Self.compose(declaration).project]
        case .composeService: return [try Self.compose(declaration).service]
        case .container:
            guard let name = declaration.container else {
                throw ActionCatalogue.Refusal(reason: "no container is declared for \(action.target)")
            }
            return [name]
        case .value(let parameter):
            guard let value = action.parameters[parameter] else {
                throw ActionCatalogue.Refusal(reason: "\(action.name.rawValue) needs '\(parameter.rawValue)'")
            }
            return [value]
        case .option(let option, let parameter):
            return action.parameters[parameter].map { [option, $0] } ?? []
        }
    }

    private static func name(of target: Target) throws -> String {
        switch target.kind {
        case .container: try ContainerName(target.name).text
        case .unit: try UnitName(target.name).text
        case .service: try ServiceName(target.name).text
        // Their names are no words of a command.
        case .compose, .host:
            throw ActionCatalogue.Refusal(reason: "a \(target.kind.rawValue) has no name in a command")
        }
    }

    private static func compose(_ declaration: DeclaredTarget) throws -> ComposeService {
        guard let compose = declaration.compose else {
            throw ActionCatalogue.Refusal(reason: "the compose service has no project and file declared")
        }
        return compose
    }
}
