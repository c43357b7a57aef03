import Hummingbird
import Mustache
import StaticAssets
import StaticHummingbird

/// A site of one page, whose files are the output of `staticd collect`.
///
/// Usage: HummingbirdExample ROOT PORT
@main
struct HummingbirdExample {
  static let page = """
    <!doctype html>
    <title>{{title}}</title>
    <link rel="stylesheet" href="{{#static}}app.css{{/static}}">
    <h1>{{title}}</h1>
    """

  static func main() async throws {
    let arguments = CommandLine.arguments
    let assets = try LiveTable(root: arguments[1])
    let template = try MustacheTemplate(string: page)

    let router = Router()
    router.middlewares.add(StaticAssetsMiddleware(assets))
    router.get("/") { _, _ in
      let values: [String: Any] = [
        "title": "Hello",
        "static": MustacheLambda.url(of: assets),
      ]
      return template.render(values)
    }
    let address = BindAddress.hostname("127.0.0.1", port: Int(arguments[2]) ?? 8080)
    let app = Application(
      router: router,
      configuration: .init(address: address),
      services: [StaticAssetsService(assets)]
    )
    try await app.runService()
  }
}
