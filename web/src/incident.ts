// The styles of the list of incidents and of an incident's page; they need no script.
import './incident.scss'
