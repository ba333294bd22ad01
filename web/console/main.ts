import "../shared/tokens.css"
