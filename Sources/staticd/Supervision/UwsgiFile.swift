/// The addresses in uWSGI's configuration files.
///
/// Source: uWSGI, "Configuring uWSGI": INI, YAML, XML and JSON; `$(NAME)` is an environment
/// variable.
struct UwsgiFile {
  private enum Format: String {
    case ini, yaml, yml, xml, json, js
  }

  /// The HTTP options in the files, as options of the command line.
  ///
  /// - Parameters:
  ///   - options: uWSGI's command line.
  ///   - names: the options to look for, such as `--http-socket`.
  ///   - text: the text of a file.
  ///   - variable: the value of a variable as uWSGI finds it.
  static func words(
    _ options: CommandOptions,
    _ names: [String],
    text: (String) -> String?,
    variable: (String) -> String?
  ) -> [String] {
    let flags = ["--ini", "--yaml", "--yml", "--xml", "--json"]
    let named = flags.flatMap { options.all(.init($0)).map(\.value) }
    let bare = options.arguments.filter { !$0.hasPrefix("-") && format($0) != nil }
    let told = ["UWSGI_INI", "UWSGI_YAML", "UWSGI_XML", "UWSGI_JSON"].compactMap(variable)
    var paths: [String] = []
    for path in named + bare + told where !paths.contains(path) { paths.append(path) }
    return paths.flatMap { path in
      let (file, section) = parts(path)
      guard let format = format(file), let text = text(file) else { return [String]() }
      return lines(text, format, section).flatMap { line in
        names.compactMap { name in
          value(of: String(name.dropFirst(2)), in: line, format).map {
            "\(name)=\(expanded($0, variable))"
          }
        }
      }
    }
  }

  /// `file.ini:section`.
  private static func parts(_ path: String) -> (file: String, section: String) {
    guard let colon = path.lastIndex(of: ":"), !path[colon...].contains("/") else {
      return (path, "uwsgi")
    }
    return (String(path[..<colon]), String(path[path.index(after: colon)...]))
  }

  private static func format(_ path: String) -> Format? {
    let name = parts(path).file
    guard let dot = name.lastIndex(of: ".") else { return nil }
    return Format(rawValue: String(name[name.index(after: dot)...]))
  }

  /// The lines of the file; for INI, those of the section.
  private static func lines(_ text: String, _ format: Format, _ section: String) -> [Substring] {
    let all = text.split(whereSeparator: \.isNewline).map { trimmed($0) }
    guard format == .ini else { return all }
    var isInside = false
    return all.filter { line in
      if line.hasPrefix("[") { isInside = line.hasPrefix("[\(section)]") }
      return isInside
    }
  }

  /// The value of the option `name` in one line; nil if the line has another option.
  private static func value(of name: String, in line: Substring, _ format: Format) -> String? {
    let (start, separator, end): (String, Character, Character?) =
      switch format {
      case .ini: ("", "=", nil)
      case .yaml, .yml: ("", ":", "#")
      case .xml: ("<", ">", "<")
      case .json, .js: ("\"", ":", "\"")
      }
    let found = format == .ini ? line : line.drop { $0 == "{" || $0 == " " }
    guard found.hasPrefix(start + name) else { return nil }
    var rest = found.dropFirst(start.count + name.count)
    if start == "\"" {
      guard rest.first == "\"" else { return nil }
      rest = rest.dropFirst()
    }
    rest = rest.drop(while: \.isWhitespace)
    guard rest.first == separator else { return nil }
    var value = trimmed(rest.dropFirst())
    let quote = value.first
    if let quote, quote == "\"" || quote == "'" {
      value = value.dropFirst().prefix { $0 != quote }
    } else if let end {
      value = trimmed(value.prefix { $0 != end })
    }
    return value.isEmpty ? nil : String(value)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return text
  }

  /// `text` with its variables expanded.
  private static func expanded(_ text: String, _ variable: (String) -> String?) -> String {
    var rest = text[...]
    var result = ""
    while let character = rest.popFirst() {
      guard character == "$", rest.first == "(", let end = rest.firstIndex(of: ")") else {
        result.append(character)
        continue
      }
      let name = String(rest[rest.index(after: rest.startIndex)..<end])
      result += variable(name) ?? "$(\(name))"
      rest = rest[rest.index(after: end)...]
    }
    return result
  }
}
