import StaticAssets

/// Prints the URL of `app.css` in a directory and the status of the response to a request for it.
@main
enum Program {
  static func main() throws {
    let assets = try FileTable(root: CommandLine.arguments[1])
    guard let url = assets.url(for: "app.css"),
      let request = ParsedRequest(method: "GET", target: url),
      let response = assets.response(to: request)
    else { fatalError("the file is not answered for") }
    print(url, response.status.rawValue)
  }
}
