/// Scripts that complete command lines of `staticd`.
enum Completions: String, CaseIterable {
  case bash, zsh, fish

  /// The script.
  var script: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  private static var commands: String {
    CommandName.allCases.map(\.rawValue).joined(separator: " ")
  }

  /// `--link --no-link`, or `--root`.
  private static func words(_ option: OptionDefinition) -> [String] {
    let letter = option.letter.map { ["-\($0)"] } ?? []
    let names = [option.name.rawValue] + (option.opposite.map { [$0] } ?? [])
    return letter + names.map { "--\($0)" }
  }

  /// The description of `word`, which is the option or its opposite.
  private static func help(_ option: OptionDefinition, _ word: String) -> String {
    if let opposite = option.opposite, word == "--\(opposite)" {
      return "Undo --\(option.name.rawValue)"
    }
    let summary = option.summary
    return summary.hasSuffix(".") ? String(summary.dropLast()) : summary
  }

  /// The options of all commands for which `isOne` is true, as a shell pattern.
  private static func patterns(_ isOne: (OptionDefinition) -> Bool) -> String {
    var seen: Set<OptionName> = []
    let rows = OptionTable.rows.filter { isOne($0) && seen.insert($0.name).inserted }
    return rows.map { "--\($0.name.rawValue)" }.joined(separator: "|")
  }

  /// The beginning of the script for bash.
  ///
  /// bash splits `--missing=w` into three words if `=` is in COMP_WORDBREAKS, which is the default.
  /// Otherwise it is one word, and every reply has to begin with the option.
  private static let bashHead = """
    # bash completion for staticd
    _staticd_reply() {
      local IFS=$'\\n'
      # compgen splits its words at spaces, bash what it prints at line ends alone: names may have spaces.
      COMPREPLY=($(IFS=$' \\t\\n'; compgen "$@" -- "$current"))
      ((${#COMPREPLY[@]})) && COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
    }
    _staticd() {
      local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} prefix= value= index
      COMPREPLY=()
      if [[ $current == = && $previous == --* ]]; then
        value=1 current=
      elif [[ $previous == = && ${COMP_WORDS[COMP_CWORD-2]} == --* ]]; then
        value=1 previous=${COMP_WORDS[COMP_CWORD-2]}
      elif [[ $current == --*=* ]]; then
        value=1 previous=${current%%=*} prefix=${current%%=*}= current=${current#*=}
      fi
    """

  private static var bashScript: String {
    var lines = [
      bashHead,
      "  if ((COMP_CWORD == 1)); then",
      "    _staticd_reply -W '\(commands) help --help --version'",
      "    return",
      "  fi",
      "  for ((index = 2; index < COMP_CWORD; index++)); do",
      "    # What follows is the app's own command line.",
      "    if [[ ${COMP_WORDS[index]} == -- ]]; then",
      "      _command_offset $((index + 1)) 2>/dev/null || COMPREPLY=($(compgen -c -- \"$current\"))",
      "      return",
      "    fi",
      "  done",
      "  case $previous in",
    ]
    var seen: Set<OptionName> = []
    for option in OptionTable.rows where seen.insert(option.name).inserted {
      guard case .choice(let choices) = option.kind else { continue }
      lines.append("    --\(option.name.rawValue))")
      lines.append("      _staticd_reply -W '\(choices.joined(separator: " "))'; return ;;")
    }
    let paths = patterns { if case .path = $0.kind { true } else { false } }
    lines.append("    \(paths))")
    lines.append("      _staticd_reply -f; return ;;")
    lines += ["  esac", "  [[ $value ]] && return", "  case ${COMP_WORDS[1]} in"]
    for command in CommandName.allCases {
      let options = OptionTable.options(of: command).flatMap(words) + ["--help"]
      let extra: [String] =
        switch command {
        case .completions: allCases.map(\.rawValue)
        case .man: CommandName.allCases.map(\.rawValue)
        default: []
        }
      lines.append("    \(command.rawValue))")
      lines.append("      _staticd_reply -W '\((options + extra).joined(separator: " "))' ;;")
    }
    lines += [
      "  esac",
      "  if ((${#COMPREPLY[@]} == 0)) && [[ $current != -* ]]; then",
      "    _staticd_reply -f",
      "  fi",
      "}",
      "complete -o filenames -F _staticd staticd",
    ]
    return lines.joined(separator: "\n")
  }

  private static var zshScript: String {
    var lines = ["#compdef staticd", "_staticd() {", "  local -a subcommands", "  subcommands=("]
    for command in CommandName.allCases {
      lines.append("    \(zshQuoted("\(command.rawValue):\(command.description.abstract)"))")
    }
    lines += [
      "  )",
      "  if ((CURRENT == 2)); then",
      "    _describe command subcommands",
      "    [[ $PREFIX == -* ]] && compadd -- --help --version",
      "    return",
      "  fi",
      "  # What follows '--' is the app's own command line.",
      "  local -i end=${words[(ie)--]}",
      "  if ((end < CURRENT)); then",
      "    shift $end words",
      "    ((CURRENT -= end))",
      "    _normal",
      "    return",
      "  fi",
      "  local command=$words[2]",
      "  shift words",
      "  ((CURRENT--))",
      "  case $command in",
    ]
    for command in CommandName.allCases {
      lines.append("    \(command.rawValue))")
      lines.append("      _arguments -s \\")
      for option in OptionTable.options(of: command) {
        for word in words(option) { lines.append("        \(zshQuoted(zsh(option, word))) \\") }
      }
      let rest =
        switch command {
        case .completions: "'*:shell:(bash zsh fish)'"
        case .man: "'*:command:(\(commands))'"
        case .run: "'*: :'"
        default: "'*:file:_files'"
        }
      lines.append("        '--help[Show all about the command]' \\")
      lines.append("        \(rest) ;;")
    }
    // Autoloaded from $fpath, the function completes at once; sourced, the file only registers it.
    lines += [
      "  esac", "}",
      "if [[ $funcstack[1] == _staticd ]]; then _staticd \"$@\"; else compdef _staticd staticd; fi",
    ]
    return lines.joined(separator: "\n")
  }

  /// A specification of zsh's _arguments, unquoted.
  private static func zsh(_ option: OptionDefinition, _ word: String) -> String {
    let sentence = help(option, word).map { character in
      "[]:".contains(character) ? "\\\(character)" : "\(character)"
    }.joined()
    let isLong = word.hasPrefix("--")
    let value: String
    switch option.kind {
    case .isOn: value = ""
    case .choice(let choices): value = ":value:(\(choices.joined(separator: " ")))"
    case .path: value = ":path:_files"
    default: value = ":value:"
    }
    let marks = value.isEmpty ? "" : isLong ? "=" : "+"
    return "\(option.isRepeated ? "*" : "")\(word)\(marks)[\(sentence)]\(value)"
  }

  private static func zshQuoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  private static var fishScript: String {
    var lines = [
      "# fish completion for staticd",
      "function __staticd_app -d 'Print the command line of the app, which follows --'",
      "  set -l words (commandline -xpc 2>/dev/null; or commandline -opc)",
      "  set -l end (contains -i -- -- $words); or return 1",
      "  set -e words[1..$end]",
      "  string join ' ' -- $words (commandline -ct)",
      "  return 0",
      "end",
      "complete -c staticd -n '__staticd_app >/dev/null' -f -a '(complete -C (__staticd_app | string collect))'",
    ]
    for command in CommandName.allCases {
      lines.append(
        "complete -c staticd -n __fish_use_subcommand -f -a \(command.rawValue) "
          + "-d \(fishQuoted(command.description.abstract))"
      )
    }
    lines.append("complete -c staticd -n __fish_use_subcommand -l version -d 'Show the version'")
    lines.append("complete -c staticd -l help -d 'Show all about the command'")
    for command in CommandName.allCases {
      let isOfApp = command == .run ? "; and not __staticd_app >/dev/null" : ""
      let condition = "-n '__fish_seen_subcommand_from \(command.rawValue)\(isOfApp)'"
      for option in OptionTable.options(of: command) {
        let letter = option.letter.map { " -s \($0)" } ?? ""
        let value: String
        switch option.kind {
        case .isOn: value = ""
        case .choice(let choices): value = " -x -a '\(choices.joined(separator: " "))'"
        case .path: value = " -r -F"
        default: value = " -x"
        }
        let name = option.name.rawValue
        lines.append(
          "complete -c staticd \(condition)\(letter) -l \(name)\(value) -d \(fishQuoted(help(option, "--\(name)")))"
        )
        if let opposite = option.opposite {
          let help = fishQuoted(help(option, "--\(opposite)"))
          lines.append("complete -c staticd \(condition) -l \(opposite) -d \(help)")
        }
      }
    }
    let completing = "-n '__fish_seen_subcommand_from completions'"
    lines.append("complete -c staticd \(completing) -f -a 'bash zsh fish'")
    lines.append("complete -c staticd -n '__fish_seen_subcommand_from man' -f -a '\(commands)'")
    return lines.joined(separator: "\n")
  }

  private static func fishQuoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
      + "'"
  }
}
