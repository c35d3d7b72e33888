# By region and name: the objects are found by their tags.
terraform import luneo_region_stack.main eu-west-1/shop-prod

# Objects that something else made are adopted by their address within the stack and their id.
terraform import luneo_region_stack.main 'eu-west-1/shop-prod,vpc=vpc-0123456789abcdef0,internet_gateway=igw-0123456789abcdef0'
