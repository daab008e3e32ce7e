import type { Mint } from './mint.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

/** Terraform and what it leaves behind. */
export function terraform(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('terraform', path, text);
  return [
    at(
      'terraform/rds/main.tf',
      `resource "aws_db_instance" "main" {
  identifier                  = "shop"
  username                    = "shop" §?
  password                    = "${plant(m.human())}"
  manage_master_user_password = false §F
  kms_key_id                  = "arn:aws:kms:eu-west-1:${m.digits(12)}:key/${m.uuid()}" §F
}

resource "aws_db_instance" "replica" {
  password = var.db_password §F
  snapshot_identifier = "rds:shop-2026-03-01-password-reset" §F
}

resource "random_password" "redis" {
  length           = 32 §F
  override_special = "!#$%&*()-_=+[]{}<>:?" §F
}

resource "aws_elasticache_replication_group" "cache" {
  auth_token = random_password.redis.result §F
}

resource "aws_ssm_parameter" "api" {
  name  = "/shop/api/token" §F
  type  = "SecureString" §F
  value = "${plant(m.alnum(40))}"
}

resource "aws_secretsmanager_secret_version" "smtp" {
  secret_id     = aws_secretsmanager_secret.smtp.id §F
  secret_string = jsonencode({ user = "shop", password = "${plant(m.human())}" })
}

resource "aws_iam_user_login_profile" "ops" {
  pgp_key                 = "keybase:acme_ops" §F
  password_reset_required = true §F
}
`,
    ),
    at(
      'terraform/providers.tf',
      `provider "cloudflare" {
  api_token = "${plant(m.url64(40))}"
}

provider "datadog" {
  api_key = var.datadog_api_key §F
  app_key = data.vault_generic_secret.dd.data["app_key"] §F
}

provider "azurerm" {
  subscription_id = "${m.uuid()}" §F
  tenant_id       = "${m.uuid()}" §F
  client_id       = "${m.uuid()}" §F
  client_secret   = "${plant(`${m.alnum(3)}8Q~${m.alnum(34)}`)}"
}

provider "proxmox" {
  pm_api_token_id     = "terraform@pve!ci" §?
  pm_api_token_secret = "${plant(m.uuid())}"
}

provider "vsphere" {
  user                 = "administrator@vsphere.local" §?
  password             = "${plant(m.human())}"
  allow_unverified_ssl = true §F
}

provider "helm" {
  kubernetes {
    token                  = data.aws_eks_cluster_auth.main.token §F
    cluster_ca_certificate = base64decode(data.aws_eks_cluster.main.certificate_authority[0].data) §F
  }
}
`,
    ),
    at(
      'terraform/variables.tf',
      none(`variable "db_password" {
  description = "Password of the database's administrator"
  type        = string
  sensitive   = true
}
variable "api_token" {
  default = ""
}
variable "secret_name" {
  default = "shop/production/database"
}
variable "password_length" {
  default = 24
}
variable "ssh_public_key" {
  default = "ssh-ed25519 ${m.base64(51)} ops@acme"
}
variable "ami" {
  default = "ami-0${m.hex(16)}"
}
variable "hosted_zone" {
  default = "Z0${m.upper(19)}"
}
output "password_arn" {
  value = aws_secretsmanager_secret.db.arn
}
output "token" {
  value     = module.runner.token
  sensitive = true
}`),
    ),
    at(
      'terraform/variables-live.tf',
      `variable "vpn_psk" {
  type    = string
  default = "${plant(m.made(28))}"
}

variable "grafana_admin_password" {
  type    = string
  default = "${plant(m.human())}"
}

locals {
  common_secret_tags = { classification = "secret" } §F
  userdata = <<-EOT
    #!/bin/bash
    echo 'deploy:${plant(m.human())}' | chpasswd
    aws secretsmanager get-secret-value --secret-id shop/token §F
    curl -sfL https://get.k3s.io | K3S_URL=https://10.0.0.1:6443 K3S_TOKEN=K10${plant(`${m.hex(64)}::server:${m.hex(32)}`)} sh -
  EOT
}
`,
    ),
    at(
      'terraform/terraform.tfstate',
      `{ §?
  "version": 4,
  "terraform_version": "1.9.5",
  "lineage": "${m.uuid()}", §F
  "outputs": {
    "kubeconfig_token": { "value": "${plant(m.hex(48))}", "type": "string", "sensitive": true }
  },
  "resources": [
    {
      "type": "random_password",
      "instances": [
        {
          "attributes": {
            "bcrypt_hash": "$2a$10$${m.alnum(53)}", §?
            "id": "none",
            "length": 24, §F
            "result": "${plant(m.made(24))}"
          }
        }
      ]
    },
    {
      "type": "aws_iam_access_key",
      "instances": [
        {
          "attributes": {
            "id": "AKIA${m.upper(16)}", §?
            "secret": "${plant(m.base64(30))}",
            "ses_smtp_password_v4": "${plant(Buffer.concat([Buffer.from([4]), m.bytes(32)]).toString('base64'))}",
            "status": "Active" §F
          }
        }
      ]
    }
  ]
}
`,
    ),
    at(
      'terraform/.terraform.lock.hcl',
      none(`provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.61.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:${m.base64(32)}",
    "zh:${m.hex(64)}",
    "zh:${m.hex(64)}",
    "zh:${m.hex(64)}",
  ]
}`),
    ),
    at(
      'terraform/backend.hcl',
      `bucket     = "acme-tfstate" §F
kms_key_id = "alias/tfstate" §F
access_key = "AKIA${m.upper(16)}" §?
secret_key = "${plant(m.base64(30))}"
`,
    ),
  ];
}
